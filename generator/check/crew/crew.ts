/** Crew: a worker for each core, which take one job after the other. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Given, Result, Tasks } from "./tasks.ts";

/** Of the sources a worker needs the hooks that its maker has; what is compiled runs as it is. */
const MEMBER = import.meta.url.endsWith(".ts") ? "./member.mjs" : "./member.js";

/** Told, for each job, where it stands and how it ended. */
export interface Listener<K extends keyof Tasks> {
  readonly progress?: (given: Given<K>, note: string) => void;
  readonly done?: (given: Given<K>, result: Result<K>) => void;
}

/** What a member answers. */
export type Answer<K extends keyof Tasks> = { readonly note: string } | { readonly result: Result<K> };

export async function shareOut<K extends keyof Tasks>(
  task: K,
  jobs: readonly Given<K>[],
  { progress, done }: Listener<K> = {},
): Promise<Result<K>[]> {
  const results: Result<K>[] = [];
  const left = [...jobs.entries()];
  const work = (member: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      let current = left.shift();
      const send = () => {
        if (current === undefined) resolve();
        else member.postMessage({ task, given: current[1] });
      };
      member.on("error", reject);
      member.on("message", (answer: Answer<K>) => {
        const [job, given] = current!;
        if ("note" in answer) {
          progress?.(given, answer.note);
          return;
        }
        results[job] = answer.result;
        done?.(given, answer.result);
        current = left.shift();
        send();
      });
      send();
    });
  const members = Array.from(
    { length: Math.min(availableParallelism(), jobs.length) },
    () => new Worker(new URL(MEMBER, import.meta.url)),
  );
  try {
    await Promise.all(members.map(work));
  } finally {
    for (const member of members) await member.terminate();
  }
  return results;
}
