/**
 * Serves the page: builds as they are emitted, the suite with its types taken off. Cross-origin
 * isolated, which is what a SharedArrayBuffer asks of a page.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { transform } from "esbuild";
import type { Variant } from "../support/variants.ts";
import type { Report } from "./page.ts";

const PROJECT = new URL("../../", import.meta.url);
const TYPES = { html: "text/html", js: "text/javascript", ts: "text/javascript", json: "application/json" };

export interface Server {
  readonly url: string;
  close(): void;
}

export async function serve(
  variants: readonly Variant[],
  onReport: (report: Report) => void,
): Promise<Server> {
  const answer = async ({ method, url = "/" }: IncomingMessage): Promise<string | undefined> => {
    if (method !== "GET") return undefined;
    const [, build, file] = /^\/builds\/([\w-]+)\/([\w.-]+)$/.exec(url) ?? [];
    const variant = variants.find(({ name }) => name === build);
    if (variant !== undefined) {
      return file === "kernel.json"
        ? JSON.stringify(variant.resolved.kernel)
        : (await variant.files()).get(file);
    }
    if (!/^\/test\/[\w/-]+\.(ts|html)$/.test(url)) return undefined;
    const source = await readFile(new URL(url.slice(1), PROJECT), "utf8");
    return url.endsWith(".ts") ? (await transform(source, { loader: "ts", target: "es2022" })).code : source;
  };

  const server = createServer(async (request, response) => {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (request.method === "POST") {
      onReport(JSON.parse(await text(request)));
      response.end();
      return;
    }
    const body = await answer(request);
    const extension = request.url?.split(".").at(-1) as keyof typeof TYPES;
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": TYPES[extension] ?? "text/plain" });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/test/browser/index.html`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
