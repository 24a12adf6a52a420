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
  /**
   * Whether its runs last as long as they shall, and their calls are counted: so wherever threads
   * need not wait for each other. Were each to make so many calls, the speed of all would be that
   * of the slowest, and processors are not equally fast.
   */
  readonly byTheClock: boolean;
  /** Calls of the allocator, of all threads, when each goes through its script once. */
  readonly operations: number;
  /** Not exceeded, whatever the order of the threads. */
  readonly peakLiveBytes: number;
  readonly peakLiveBlocks: number;
  readonly scripts: readonly Script[];
  readonly flags: number;
  readonly cells: number;
  readonly native: NativeInput;
}

export function forThreads({ id, name, write }: Description, threads: number): ThreadedWorkload {
  const mailroom = new Mailroom();
  const writers = Array.from({ length: threads }, (_, thread) => new ScriptWriter(mailroom, thread));
  write(writers);
  if (mailroom.flags === 0) {
    for (const writer of writers) if (writer.operations > 0) writer.again(0);
  }
  const byTheClock = writers.some(({ goesOn }) => goesOn);
  const sum = (of: (writer: ScriptWriter) => number): number =>
    writers.reduce((total, writer) => total + of(writer), 0);
  const scripts = writers.map((writer) => writer.finish());
  const { flags, cells } = mailroom;
  const operations = sum((writer) => writer.operations);
  const sizes = scripts.flatMap(({ slots, words }) => [slots, words.length]);
  return {
    id,
    name,
    threads,
    byTheClock,
    operations,
    peakLiveBytes: sum(({ peakLiveBytes }) => peakLiveBytes),
    peakLiveBlocks: sum(({ peakLiveBlocks }) => peakLiveBlocks),
    scripts,
    flags,
    cells,
    native: {
      loop: byTheClock ? "clock" : "script",
      input: [
        Int32Array.of(threads, flags, cells, operations, ...sizes),
        ...scripts.map(({ words }) => words),
      ],
    },
  };
}
