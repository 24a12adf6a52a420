/** Shipped packages in a page: imported there and in a worker, as they are installed. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Browser } from "../browser/chromium.ts";
import type { Project } from "./project.ts";

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };

/** Tries each package in page and worker; then blocks that one allocates and the other frees. */
const PAGE = `<!doctype html>
<title>shipped packages</title>
<script type="module">
import { use } from "./use.js";
const report = (result) => fetch("/report", { method: "POST", body: result });
try {
  if (!crossOriginIsolated) throw new Error("the page is not cross-origin isolated");
  for (const name of ["single", "single/min", "shared", "shared/min"]) await use(name);
  const answer = (worker) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  const { createHeap } = await use("shared");
  const { lendSlot } = await import("./node_modules/shared/workers.js");
  const heap = createHeap();
  const mine = Array.from({ length: 500 }, () => heap.malloc(100));
  const worker = new Worker("./worker.js", { type: "module" });
  const theirs = answer(worker);
  await new Promise((resolve, reject) => {
    theirs.catch(reject);
    const reclaim = (slot) => resolve(heap.reclaim(slot));
    worker.postMessage([lendSlot({ reserve: () => heap.reserve(), reclaim }), mine]);
  });
  for (const ptr of await theirs) {
    if (heap.u32[ptr >>> 2] !== ptr) throw new Error("a block of the worker's holds something else");
    heap.free(ptr);
  }
  heap.check();
  const { liveBlocks } = heap.stats();
  await report(liveBlocks === 0 ? "fine" : liveBlocks + " blocks are left");
} catch (error) {
  report(error.message + "\\n" + error.stack);
}
</script>
`;

const USE = `export async function use(name) {
  const [folder, min] = name.split("/");
  const module = await import("./node_modules/" + folder + "/index" + (min ? ".min" : "") + ".js");
  const heap = module.createHeap();
  const blocks = Array.from({ length: 1000 }, (_, i) => heap.malloc(i));
  blocks.forEach((ptr) => heap.u8[ptr] = ptr);
  for (const ptr of blocks) heap.free(ptr);
  if (blocks.includes(0) || heap.stats().liveBlocks !== 0) throw new Error(name);
  heap.check();
  return module;
}
`;

const WORKER = `import { use } from "./use.js";
addEventListener("message", async ({ data: [loan, theirs] }) => {
  for (const name of ["single", "single/min", "shared", "shared/min"]) await use(name);
  const { attachHeap } = await use("shared");
  const { takeSlot } = await import("./node_modules/shared/workers.js");
  const heap = attachHeap(await takeSlot(loan));
  for (const ptr of theirs) heap.free(ptr);
  const mine = Array.from({ length: 500 }, () => {
    const ptr = heap.malloc(100);
    heap.u32[ptr >>> 2] = ptr;
    return ptr;
  });
  postMessage(mine);
  close();
});
`;

const TIMEOUT_MS = 60_000;

/** What the page says in the end: "fine", or what went wrong. */
export async function resultInPage(project: Project, open: (url: string) => Browser): Promise<string> {
  project.write("index.html", PAGE);
  project.write("use.js", USE);
  project.write("worker.js", WORKER);
  let settle = (_result: string) => {};
  const result = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const server = createServer(async (request, response) => {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (request.method === "POST") {
      settle(await text(request));
      response.end();
      return;
    }
    const { pathname } = new URL(String(request.url), "http://localhost");
    const body = await readFile(join(project.folder, pathname)).catch(() => undefined);
    const type = TYPES[extname(pathname)] ?? "text/plain";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
  const timer = setTimeout(() => settle(`no answer after ${TIMEOUT_MS / 1000} seconds`), TIMEOUT_MS);
  try {
    return await Promise.race([result, browser.failed]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
