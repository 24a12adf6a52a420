/** Histograms of allocations: reading the text that `record --histogram` writes. */
import { UserError } from "../spec/user-error.ts";
import type { TraceFile } from "./trace-file.ts";

/** What is known of the blocks of one size. Lifetimes are counted in calls. */
export interface SizeRow {
  readonly size: number;
  readonly count: number;
  /** So many were not freed. */
  readonly kept: number;
  readonly mostLive: number;
  /** Sum of all lifetimes; divided by the calls it is how many lived at a time in the mean. */
  readonly lived: number;
  /** At k: the blocks that were freed and lived at least 2^k calls and fewer than 2^(k+1). */
  readonly lifetimes: readonly number[];
}

export interface Histogram {
  readonly name: string;
  readonly calls: number;
  readonly threads: number;
  readonly peakLiveBytes: number;
  /** Sizes ascend. */
  readonly rows: readonly SizeRow[];
}

const HEAD = /^# malloc histogram v1\r?\n/;

export function isHistogram({ text }: TraceFile): boolean {
  return HEAD.test(text);
}

export function parseHistogram({ name, text, broken }: TraceFile): Histogram {
  const rows: SizeRow[] = [];
  let head: readonly number[] | undefined;
  let isWhole = false;
  text.split("\n").forEach((content, index) => {
    const line = content.trim();
    if (line === "# end") isWhole = true;
    if (line === "" || line.startsWith("#")) return;
    const fail = (problem: string): never => {
      throw new UserError(`histogram ${name}, line ${index + 1}: ${problem}: "${line.slice(0, 60)}"`);
    };
    const [letter = "", ...fields] = line.split(/\s+/);
    const numbers = fields.map((field) => (/^\d+$/.test(field) ? Number(field) : fail("not a whole number")));
    if (letter === "c" && numbers.length === 3) head = numbers;
    else if (letter === "h" && numbers.length >= 5) rows.push(rowOf(numbers));
    else fail("expected c CALLS THREADS PEAK, or h SIZE COUNT KEPT MOST LIVED LIFETIMES…");
  });
  if (head === undefined || !isWhole || broken !== undefined) {
    throw new UserError(`histogram ${name}: ${broken ?? "it is cut short"}; record it again`);
  }
  const [calls = 0, threads = 0, peakLiveBytes = 0] = head;
  return { name, calls, threads, peakLiveBytes, rows };
}

function rowOf([size = 0, count = 0, kept = 0, mostLive = 0, lived = 0, ...lifetimes]: number[]): SizeRow {
  return { size, count, kept, mostLive, lived, lifetimes };
}
