/** The page: runs every case and tells the server how each went. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { cases } from "./cases.ts";
import { pageHost } from "./page-host.ts";

/** How a case went; without a title it is the page that failed. */
export interface Report {
  readonly title?: string;
  readonly error?: string;
}

const report = (body: Report) => fetch("/report", { method: "POST", body: JSON.stringify(body) });
const storyOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

try {
  if (!crossOriginIsolated) throw new Error("the page is not cross-origin isolated");
  for (const { title, build, run } of cases) {
    try {
      const folder = `/builds/${build}`;
      const module = await import(`${folder}/index.js`);
      const kernel: KernelSpec = await (await fetch(`${folder}/kernel.json`)).json();
      await run({ module, kernel, host: pageHost(folder) });
      await report({ title });
    } catch (error) {
      await report({ title, error: storyOf(error) });
    }
  }
} catch (error) {
  await report({ error: storyOf(error) });
}
