/** Answers that a recorded trace gives: how much memory, and which sizes. */
import { KIND_BITS, KIND_MASK, Kind, readTrace } from "../../bench/trace.ts";

const MiB = 1 << 20;
/** So many sizes get classes of their own, if this share of all requests is for them. */
const MOST_SIZES = 8;
const LEAST_SHARE = 0.03;

export function answersOf(file: string): { memory: string; sizes: string } {
  const { words, operations } = readTrace(file);
  const requests = new Map<number, number>();
  const live = new Map<number, number>();
  let bytes = 0;
  let peak = 0;
  let total = 0;
  for (let index = 0; index < operations; index++) {
    const word = words[index * 2] as number;
    const size = words[index * 2 + 1] as number;
    const id = word >>> KIND_BITS;
    bytes -= live.get(id) ?? 0;
    live.delete(id);
    if ((word & KIND_MASK) === Kind.free) continue;
    live.set(id, size);
    bytes += size;
    peak = Math.max(peak, bytes);
    requests.set(size, (requests.get(size) ?? 0) + 1);
    total++;
  }
  const frequent = [...requests].filter(([size, times]) => size > 0 && times / total >= LEAST_SHARE);
  const sizes = frequent.sort(([, a], [, b]) => b - a).slice(0, MOST_SIZES);
  // Room for what is not in use just then, for tables, and for a program that grows.
  const memory = Math.max(4, 2 ** Math.ceil(Math.log2((4 * peak) / MiB)));
  return {
    memory: `${memory} MiB`,
    sizes: sizes
      .map(([size]) => size)
      .sort((a, b) => a - b)
      .join(","),
  };
}
