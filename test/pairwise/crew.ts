/**
 * A process for each core, which try one row after the other; one that comes to no end is killed,
 * and replaced.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Outcome, RowOfPreset } from "./member.ts";

const MEMBER = fileURLToPath(new URL("./member.ts", import.meta.url));
/** Rows take seconds, or half a minute on a busy machine. */
const PATIENCE_MS = 180_000;

/** `begun` and `done` are told as it happens, so rows end in any order. */
export async function tryAll(
  rows: readonly RowOfPreset[],
  begun: (row: RowOfPreset) => void,
  done: (row: RowOfPreset, failure: string | undefined) => void,
): Promise<void> {
  const left = [...rows];
  const work = async (): Promise<void> => {
    let member: ChildProcess | undefined;
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      begun(row);
      member ??= fork(MEMBER);
      const outcome = await answerOf(member, row);
      done(row, outcome.failure);
      if (outcome.reusable) continue;
      member.kill("SIGKILL");
      member = undefined;
    }
    member?.kill();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

function answerOf(
  member: ChildProcess,
  row: RowOfPreset,
): Promise<{ failure: string | undefined; reusable: boolean }> {
  return new Promise((resolve) => {
    const settle = (failure: string | undefined, reusable: boolean): void => {
      clearTimeout(timer);
      member.removeAllListeners();
      resolve({ failure, reusable });
    };
    const timer = setTimeout(() => settle(`no end after ${PATIENCE_MS / 1000} s`, false), PATIENCE_MS);
    member.once("message", ({ failure }: Outcome) => settle(failure, failure === undefined));
    member.once("exit", (code, signal) =>
      settle(`the process ended with ${signal ?? `code ${code}`}`, false),
    );
    member.send(row);
  });
}
