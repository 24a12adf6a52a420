/** A workload for several threads: a description, written down for a number of threads. */
import type { NativeInput } from "../workloads/workload.ts";
import { Mailroom, type Script, ScriptWriter } from "./script.ts";

/** One of the workloads, for any number of threads. */
export interface Description {
  readonly id: string;
  readonly name: string;
  readonly doc: string;
  /** Writes what the threads do; every block must be freed by one of them. */
  write(threads: readonly ScriptWriter[]): void;
}

export interface ThreadedWorkload {
  readonly id: string;
  readonly name: string;
  readonly threads: number;
  /** How often the threads go through their scripts in one run: to start and end one takes them 0.1 ms. */
  readonly repeats: number;
  /** Calls of the allocator in one run, of all threads. */
  readonly operations: number;
  /** Not exceeded, whatever the order of the threads. */
  readonly peakLiveBytes: number;
  readonly peakLiveBlocks: number;
  readonly scripts: readonly Script[];
  readonly flags: number;
  readonly cells: number;
  readonly native: NativeInput;
}

/** Calls of a thread that a run should have at least. */
const LONG_ENOUGH = 1_000_000;

export function forThreads({ id, name, write }: Description, threads: number): ThreadedWorkload {
  const mailroom = new Mailroom();
  const writers = Array.from({ length: threads }, (_, thread) => new ScriptWriter(mailroom, thread));
  write(writers);
  const sum = (of: (writer: ScriptWriter) => number): number =>
    writers.reduce((total, writer) => total + of(writer), 0);
  const scripts = writers.map((writer) => writer.finish());
  const { flags, cells } = mailroom;
  const calls = sum(({ operations }) => operations);
  // Flags of one run that some have ended could be taken for the next one's by others.
  const repeats = flags === 0 ? Math.ceil((LONG_ENOUGH * threads) / calls) : 1;
  const sizes = scripts.flatMap(({ slots, words }) => [slots, words.length]);
  return {
    id,
    name,
    threads,
    repeats,
    operations: calls * repeats,
    peakLiveBytes: sum(({ peakLiveBytes }) => peakLiveBytes),
    peakLiveBlocks: sum(({ peakLiveBlocks }) => peakLiveBlocks),
    scripts,
    flags,
    cells,
    native: {
      loop: "script",
      input: [Int32Array.of(threads, flags, cells, repeats, ...sizes), ...scripts.map(({ words }) => words)],
    },
  };
}
