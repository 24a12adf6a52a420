/** A member of the crew: does what it is sent, and tells where it stands now and then. */
import { parentPort } from "node:worker_threads";
import type { Given, Tasks } from "./tasks.ts";
import { tasks } from "./tasks.ts";

const MS_BETWEEN_NOTES = 200;

let told = 0;
function progress(note: string): void {
  if (performance.now() - told < MS_BETWEEN_NOTES) return;
  told = performance.now();
  parentPort!.postMessage({ note });
}

parentPort!.on("message", async <K extends keyof Tasks>({ task, given }: { task: K; given: Given<K> }) => {
  const perform = tasks[task] as (given: Given<K>, tell: typeof progress) => unknown;
  parentPort!.postMessage({ result: await perform(given, progress) });
});
