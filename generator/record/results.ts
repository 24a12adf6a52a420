/** What a program left in the folder becomes traces: one for each process and for each heap. */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { parseHistogram } from "../../bench/histogram.ts";
import type { Progress } from "../../bench/progress.ts";
import { END, traceOf } from "../../bench/trace.ts";
import { readTraceFile } from "../../bench/trace-file.ts";
import { Histogram } from "../../templates/record/histogram.ts";
import { History, notesOn } from "../../templates/record/history.ts";
import { openSink } from "../../templates/record/sink.ts";
import { TraceWriter } from "../../templates/record/trace-writer.ts";
import { EventFile } from "./native/event-file.ts";
import { tellProcess } from "./native/process-history.ts";
import type { OutputFiles } from "./output-files.ts";

/** A trace or a histogram that was written. */
export interface Result {
  readonly file: string;
  /** What allocates: a heap in JavaScript, or the C library of a process. */
  readonly source: "heap" | "process";
  readonly pid: number;
  /** Of a process: its command line. */
  readonly command?: string;
  readonly operations: number;
  readonly blocks: number;
  readonly threads: number;
  /** What the recording does not have. */
  readonly notes: readonly string[];
}

type Counted = Pick<Result, "operations" | "blocks" | "threads" | "notes">;

/** Something recorded that waits in the folder. */
interface Recorded {
  readonly source: Result["source"];
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly command?: string;
  write(file: string): Promise<Counted>;
}

/** The traces of the process `pid` come first, then the others in the order in which they began. */
export async function writeResults(
  folder: string,
  pid: number,
  outputs: OutputFiles,
  asHistogram: boolean,
  progress: Progress,
): Promise<Result[]> {
  const rank = (recorded: Recorded) => (recorded.pid === pid ? 0 : 1);
  const all = [...recordedHeaps(folder, asHistogram), ...recordedProcesses(folder, asHistogram)].sort(
    (a, b) => rank(a) - rank(b) || a.started - b.started,
  );
  const results: Result[] = [];
  progress.start("writing", all.length);
  for (const { source, pid, command, write } of all) {
    progress.step(command ?? `heap of process ${pid}`);
    let counted: Counted | undefined;
    const file = await outputs.write(async (unfinished) => {
      counted = await write(unfinished);
      return counted.operations > 0;
    });
    if (file === undefined || counted === undefined) continue;
    results.push({ file, source, pid, ...(command !== undefined && { command }), ...counted });
  }
  progress.stop();
  return results;
}

/** A process that became another program, as `env` does, counts from then on. */
function recordedProcesses(folder: string, asHistogram: boolean): Recorded[] {
  const files = new Map<string, EventFile>();
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".events"))) {
    const file = EventFile.open(join(folder, name));
    if (file !== undefined) files.set(name, file);
  }
  const last = new Map<number, EventFile>();
  for (const file of files.values()) {
    const other = last.get(file.pid);
    if (other === undefined || other.started < file.started) last.set(file.pid, file);
  }
  return [...last.values()].map((file) => ({
    source: "process",
    pid: file.pid,
    started: Number(file.started / 1_000_000n),
    command: file.command,
    async write(path) {
      const outlet = openSink(path);
      const account = asHistogram ? new Histogram(outlet.write) : new TraceWriter(outlet.write);
      if (account instanceof TraceWriter) account.comment(`process ${file.pid}: ${oneLine(file.command)}`);
      const history = new History(account);
      tellProcess(file, history, ({ parent }) => files.get(parent));
      const notes = notesOn(history.oddities);
      account.end(notes);
      await outlet.close();
      const { operations, blocks, threads } = account;
      return { operations, blocks, threads, notes };
    },
  }));
}

const LONGEST_COMMAND = 400;
const oneLine = (command: string) => command.replaceAll(/\s+/g, " ").slice(0, LONGEST_COMMAND);

/** They are text already, and are packed. */
function recordedHeaps(folder: string, asHistogram: boolean): Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".trace"))
    .map((name) => {
      const path = join(folder, name);
      return {
        source: "heap",
        pid: Number.parseInt(name, 10),
        started: statSync(path).birthtimeMs,
        async write(file) {
          const packed = file.endsWith(".gz") ? createGzip() : new PassThrough();
          await pipeline(createReadStream(path), packed, createWriteStream(file));
          if (!/^[^#]/m.test(lastBytes(path))) return NOTHING;
          return asHistogram ? countHistogram(path) : countTrace(path);
        },
      };
    });
}

/** A heap that was not used, or a program that was killed early. */
const NOTHING: Counted = { operations: 0, blocks: 0, threads: 0, notes: [] };
const TAIL_BYTES = 2048;

function countTrace(path: string): Counted {
  const tail = lastBytes(path);
  const lines = tail.trimEnd().split("\n");
  const end = END.exec(lines.at(-1) ?? "");
  if (end !== null) {
    const [blocks = 0, operations = 0, threads = 0] = end.slice(1).map(Number);
    const notes = lines.filter((line) => line.startsWith("# note: ")).map((line) => line.slice(2));
    return { operations, blocks, threads, notes };
  }
  const trace = traceOf(readTraceFile(path));
  const operations = trace.lines.filter((line) => line > 0).length;
  return { operations, blocks: trace.ids, threads: trace.threads, notes: [trace.cutShort ?? ""] };
}

function countHistogram(path: string): Counted {
  const { calls, threads, rows } = parseHistogram(readTraceFile(path));
  return { operations: calls, blocks: rows.reduce((sum, { count }) => sum + count, 0), threads, notes: [] };
}

function lastBytes(path: string): string {
  const { size } = statSync(path);
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const file = openSync(path, "r");
  readSync(file, bytes, 0, bytes.length, size - bytes.length);
  closeSync(file);
  return bytes.toString("latin1");
}
