/** Answers that a recorded trace or histogram gives: how much memory, and which sizes. */
import { type Histogram, isHistogram, parseHistogram } from "../../bench/histogram.ts";
import { KIND_MASK, Kind, type Trace, traceOf } from "../../bench/trace.ts";
import { readTraceFile } from "../../bench/trace-file.ts";

const MiB = 1 << 20;
/** So many sizes get classes of their own, if this share of all requests is for them. */
const MOST_SIZES = 8;
const LEAST_SHARE = 0.03;

/** What a trace or a histogram is asked for. */
interface Requests {
  readonly bySize: ReadonlyMap<number, number>;
  readonly peakLiveBytes: number;
}

export function answersOf(file: string): { memory: string; sizes: string; note?: string } {
  const source = readTraceFile(file);
  const { bySize, peakLiveBytes, note } = isHistogram(source)
    ? ofHistogram(parseHistogram(source))
    : ofTrace(traceOf(source));
  const total = [...bySize.values()].reduce((sum, times) => sum + times, 0);
  const frequent = [...bySize].filter(([size, times]) => size > 0 && times / total >= LEAST_SHARE);
  const sizes = frequent.sort(([, a], [, b]) => b - a).slice(0, MOST_SIZES);
  // Room for what is not in use just then, for tables, and for a program that grows.
  const memory = Math.max(4, 2 ** Math.ceil(Math.log2((4 * peakLiveBytes) / MiB)));
  return {
    memory: `${memory} MiB`,
    sizes: sizes
      .map(([size]) => size)
      .sort((a, b) => a - b)
      .join(","),
    ...(note !== undefined && { note }),
  };
}

function ofHistogram({ rows, peakLiveBytes }: Histogram): Requests & { note?: string } {
  return { bySize: new Map(rows.map(({ size, count }) => [size, count])), peakLiveBytes };
}

function ofTrace({ words, operations, peakLiveBytes, cutShort }: Trace): Requests & { note?: string } {
  const bySize = new Map<number, number>();
  for (let index = 0; index < operations; index++) {
    if (((words[index * 2] as number) & KIND_MASK) === Kind.free) continue;
    const size = words[index * 2 + 1] as number;
    bySize.set(size, (bySize.get(size) ?? 0) + 1);
  }
  return { bySize, peakLiveBytes, ...(cutShort !== undefined && { note: cutShort }) };
}
