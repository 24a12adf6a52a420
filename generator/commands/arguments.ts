/** What several commands read from their command line in the same way. */
import { writeFileSync } from "node:fs";
import { UserError } from "../../spec/user-error.ts";

export const THOROUGH = { rounds: 7, samples: 3, seconds: 0.03 };
export const QUICK = { rounds: 3, samples: 2, seconds: 0.01 };

/** Only what measures needs them. */
export const MEASURING_PACKAGES = ["benny", "simple-statistics"];
/** Only pages with charts need them. */
export const PAGE_PACKAGES = ["echarts"];

/** Beyond this a run measures the scheduler. */
const MOST_THREADS = 64;

export function sampling({ quick, rounds }: { quick?: true; rounds?: string }): typeof THOROUGH {
  const own = rounds === undefined ? {} : { rounds: wholeNumber("--rounds", rounds) };
  return { ...(quick ? QUICK : THOROUGH), ...own };
}

export function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

export function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UserError(`${option} ${text}: give a whole number from 1 on`);
  return Number(text);
}

export function threadCounts(text: string): number[] {
  const counts = [...new Set(list(text).map((count) => wholeNumber("--threads", count)))];
  if (counts.length === 0) throw new UserError("--threads names no number");
  const most = Math.max(...counts);
  if (most > MOST_THREADS) throw new UserError(`--threads ${most}: at most ${MOST_THREADS}`);
  return counts;
}

/** What was typed, for who wants to do it again. */
export function commandLine(): string {
  const quoted = process.argv.slice(2).map((word) => (/^[\w./:=,@-]+$/.test(word) ? word : `'${word}'`));
  return ["npx slabsmith", ...quoted].join(" ");
}

export function writeResult(file: string, text: string, option = "--out"): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${option} ${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
