/**
 * Narration on standard error: on a terminal one line that changes, and a line for everything that
 * is done.
 */
import pc from "picocolors";
import type { Listener } from "./crew.ts";
import type { Given, Result, Tasks } from "./tasks.ts";

export function narrate<K extends keyof Tasks>(
  jobs: number,
  nameOf: (given: Given<K>) => string,
  outcomeOf: (result: Result<K>) => string,
): Listener<K> {
  const { isTTY } = process.stderr;
  let done = 0;
  return {
    progress(given, note) {
      if (isTTY) process.stderr.write(`\r\x1b[K${pc.dim(`${done}/${jobs}  ${nameOf(given)}: ${note}`)}`);
    },
    done(given, result) {
      done++;
      const count = jobs > 1 ? `${done}/${jobs}  ` : "";
      process.stderr.write(
        `${isTTY ? "\r\x1b[K" : ""}${pc.dim(`${count}${nameOf(given)}: ${outcomeOf(result)}`)}\n`,
      );
    },
  };
}
