/**
 * Allocation traces: reading the text format, version 1, into arrays that a replay can walk.
 *
 * `a ID SIZE` malloc · `z ID SIZE` calloc · `m ID SIZE ALIGN` memalign · `r ID SIZE` realloc · `f
 * ID` free · `t N` the following lines are thread N's · `# …` comment. Gzipped or plain.
 */

import { UserError } from "../spec/user-error.ts";
import { HEAD } from "../templates/record/trace-writer.ts";
import { isHistogram } from "./histogram.ts";
import { readTraceFile, type TraceFile } from "./trace-file.ts";

/**
 * The low bits of an operation's first word. Frequent kinds come first: replays test them in this
 * order.
 */
export const Kind = { malloc: 0, free: 1, realloc: 2, calloc: 3, memalign: 4 } as const;
export const KIND_BITS = 3;
export const KIND_MASK = (1 << KIND_BITS) - 1;

export interface Trace {
  readonly name: string;
  /** Two words per operation: `id << KIND_BITS | kind`, then the size (0 for free). */
  readonly words: Int32Array;
  /** Per ID: the alignment asked for by `m`, else 0. */
  readonly alignments: Int32Array;
  /** Per operation: its line in the file, or 0 for a closing free that the file lacks. */
  readonly lines: Uint32Array;
  /** Per operation: its thread, counted from 0 in the order in which they appear. */
  readonly threadOf: Uint16Array;
  readonly threads: number;
  readonly operations: number;
  readonly ids: number;
  /** Most bytes that were requested and not yet freed at one time. */
  readonly peakLiveBytes: number;
  readonly peakLiveBlocks: number;
  /** The recording broke off: where, and how much there is. */
  readonly cutShort?: string;
}

/** IDs and sizes stay in 31 bits, so that no replay needs more than small integers. */
const MAX_SIZE = 2 ** 31 - 1;
const MAX_ID = (1 << (31 - KIND_BITS)) - 1;
const MAX_ALIGNMENT = 2 ** 30;
const MAX_THREAD = 2 ** 16 - 1;

/** The last line of a trace whose first one is the recorder's `HEAD`. */
export const END = /^# end: ids (\d+) ops (\d+) threads (\d+)$/;

export function readTrace(file: string): Trace {
  return traceOf(readTraceFile(file));
}

export function parseTrace(name: string, text: string): Trace {
  return traceOf({ name, text });
}

/**
 * Blocks that a program never freed are freed at the end, in order of their IDs: a replay must
 * leave the heap empty, or the next one would measure a fuller heap.
 */
export function traceOf(file: TraceFile): Trace {
  const { name, text, broken } = file;
  if (isHistogram(file)) {
    throw new UserError(
      `${name} is a histogram: it has sizes and lifetimes, and no calls to replay; init --trace takes it`,
    );
  }
  const words: number[] = [];
  const lines: number[] = [];
  const threadOf: number[] = [];
  const alignments: number[] = [];
  /** Per ID: its size while live, -1 once freed. */
  const live: number[] = [];
  let liveBytes = 0;
  let liveBlocks = 0;
  let peakLiveBytes = 0;
  let peakLiveBlocks = 0;

  const emit = (kind: number, id: number, size: number, line: number): void => {
    words.push((id << KIND_BITS) | kind, size);
    lines.push(line);
    if (!threads.has(thread)) threads.set(thread, threads.size);
    threadOf.push(threads.get(thread) as number);
    liveBytes += size - Math.max(live[id] ?? 0, 0);
    liveBlocks += kind === Kind.free ? -1 : live[id] === undefined ? 1 : 0;
    peakLiveBytes = Math.max(peakLiveBytes, liveBytes);
    peakLiveBlocks = Math.max(peakLiveBlocks, liveBlocks);
    live[id] = kind === Kind.free ? -1 : size;
  };

  /** Name in the file to number. A trace begins on thread 1 without saying so. */
  const threads = new Map<number, number>();
  let thread = 1;
  let line = 0;
  let end: RegExpExecArray | undefined;
  const contents = text.split("\n");
  // A line without its end may lack digits too, and nothing shows it.
  const hasEnd = text.startsWith(HEAD);
  const mayBeTorn = broken !== undefined || hasEnd;
  if (contents.at(-1) === "" || mayBeTorn) contents.pop();
  for (const content of contents) {
    line++;
    const trimmed = content.trim();
    if (trimmed.startsWith("#")) end = END.exec(trimmed) ?? end;
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const fail = (problem: string): never => {
      const usable = lines.length === 0 ? "" : ` (usable: the ${lines.length} operations before this line)`;
      throw new UserError(`trace ${name}, line ${line}: ${problem}: "${trimmed.slice(0, 60)}"${usable}`);
    };
    const [letter = "", ...fields] = trimmed.split(/\s+/);
    const names = FIELDS[letter] ?? fail(`unknown operation "${letter}" (known: a, z, m, r, f, t)`);
    if (fields.length !== names.length) fail(`expected ${[letter, ...names].join(" ")}`);
    const numbers = fields.map((field, index) => {
      const limit =
        names[index] === "N"
          ? MAX_THREAD
          : names[index] === "ID"
            ? MAX_ID
            : names[index] === "ALIGN"
              ? MAX_ALIGNMENT
              : MAX_SIZE;
      if (!/^\d+$/.test(field)) fail(`${names[index]} must be a whole number`);
      if (Number(field) > limit) fail(`${names[index]} is above ${limit}`);
      return Number(field);
    });
    const [id = 0, size = 0, alignment = 0] = numbers;
    if (letter === "t") {
      thread = id;
      continue;
    }
    if (letter === "r" || letter === "f") {
      if (live[id] === undefined) fail(`block ${id} was never allocated`);
      if (live[id] === -1) fail(`block ${id} was freed before`);
    } else {
      if (live[id] !== undefined) fail(`block ${id} was allocated before; IDs are never reused`);
    }
    switch (letter) {
      case "a":
        emit(Kind.malloc, id, size, line);
        break;
      case "z":
        emit(Kind.calloc, id, size, line);
        break;
      case "m":
        if (alignment === 0 || (alignment & (alignment - 1)) !== 0) fail("ALIGN must be a power of two");
        alignments[id] = alignment;
        emit(Kind.memalign, id, size, line);
        break;
      case "r":
        // realloc(p, 0) frees and gives no block back.
        emit(size === 0 ? Kind.free : Kind.realloc, id, size, line);
        break;
      case "f":
        emit(Kind.free, id, 0, line);
        break;
    }
  }
  if (live.length > lines.length) {
    const highest = live.length - 1;
    throw new UserError(
      `trace ${name}: IDs count from 0, but ${highest} appears among ${lines.length} operations`,
    );
  }
  const isCut = broken !== undefined || (hasEnd && end === undefined);
  const cutShort = isCut
    ? `trace ${name}: ${broken ?? "the recording broke off"} after line ${line}; its ${lines.length} operations are used`
    : undefined;
  if (lines.length === 0) throw new UserError(`trace ${name}: ${broken ?? "it holds no operation"}`);
  if (end !== undefined && (Number(end[1]) !== live.length || Number(end[2]) !== lines.length)) {
    throw new UserError(
      `trace ${name}: its last line counts ${end[1]} IDs and ${end[2]} operations, but there are ${live.length} and ${lines.length}: lines are missing`,
    );
  }
  live.forEach((size, id) => {
    if (size >= 0) emit(Kind.free, id, 0, 0);
  });

  return {
    name,
    words: Int32Array.from(words),
    alignments: Int32Array.from({ length: live.length }, (_, id) => alignments[id] ?? 0),
    lines: Uint32Array.from(lines),
    threadOf: Uint16Array.from(threadOf),
    threads: threads.size,
    operations: lines.length,
    ids: live.length,
    peakLiveBytes,
    peakLiveBlocks,
    ...(cutShort !== undefined && { cutShort }),
  };
}

const FIELDS: Record<string, readonly string[]> = {
  a: ["ID", "SIZE"],
  z: ["ID", "SIZE"],
  m: ["ID", "SIZE", "ALIGN"],
  r: ["ID", "SIZE"],
  f: ["ID"],
  t: ["N"],
};

/** How a failure names an operation: with its line, written as the file writes it. */
export function describeOperation(trace: Trace, index: number): string {
  const word = trace.words[index * 2] as number;
  const id = word >>> KIND_BITS;
  const size = trace.words[index * 2 + 1];
  const line = trace.lines[index];
  const text = [`a ${id} ${size}`, `f ${id}`, `r ${id} ${size}`, `z ${id} ${size}`];
  text.push(`m ${id} ${size} ${trace.alignments[id]}`);
  return `${line === 0 ? "closing free" : `line ${line}`}, "${text[word & KIND_MASK]}"`;
}
