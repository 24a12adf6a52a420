/**
 * The measuring process: takes the plan from its parent, tells it where it stands, and hands over
 * the report. Its threads start here, too.
 */
import { isMainThread, workerData } from "node:worker_threads";
import { type Plan, runBench } from "./bench.ts";
import type { Progress } from "./progress.ts";
import type { BenchReport } from "./report.ts";
import { takeSeat } from "./threads/member.ts";

/** What the measuring process says to its parent. */
export type Message =
  | { readonly start: { readonly task: string; readonly steps: number } }
  | { readonly step: string }
  | { readonly stop: true }
  | { readonly report: BenchReport }
  | { readonly failure: string };

const say = (message: Message): void => {
  process.send?.(message);
};

const progress: Progress = {
  start: (task, steps) => say({ start: { task, steps } }),
  step: (name) => say({ step: name }),
  stop: () => say({ stop: true }),
};

if (isMainThread) serve();
else takeSeat(workerData);

function serve(): void {
  process.once("message", (plan: Plan) => {
    runBench(plan, progress)
      .then((report) => say({ report }))
      .catch((error: Error) => say({ failure: error.stack ?? String(error) }))
      .finally(() => process.disconnect());
  });
  // Nobody waits for the figures any more.
  process.once("disconnect", () => process.exit());
}
