/**
 * Operations: what the threads of a scenario do, a line each.
 *
 *     a = malloc 64      the block is called a; the heap being full is a failure
 *     a = malloc? 64     … or not: there is no block, and what is done with it later is skipped
 *     a = calloc 1 64    a = memalign 256 64  a = realloc b 128    free a
 *     send a             receive a            a block goes to another thread, which waits for it
 *     detach             attach     idle      reclaim 1          reserve
 *     footprint 2        the heap has committed no more than two pages for blocks
 */
import { UserError } from "../../spec/user-error.ts";

export type Operation =
  | {
      readonly call: "malloc" | "calloc" | "memalign" | "realloc";
      readonly block: string;
      readonly old?: string;
      readonly alignment?: number;
      readonly size: number;
      readonly mayFail: boolean;
    }
  | { readonly call: "free" | "send" | "receive"; readonly block: string }
  | { readonly call: "attach" | "detach" | "idle" | "reserve" }
  | { readonly call: "reclaim"; readonly thread: number }
  | { readonly call: "footprint"; readonly pages: number };

const GRAMMAR: readonly (readonly [RegExp, (...parts: string[]) => Operation])[] = [
  [/^(\w+) = malloc(\??) (\d+)$/, (block, may, size) => allocation("malloc", block, may, size)],
  [/^(\w+) = calloc(\??) 1 (\d+)$/, (block, may, size) => allocation("calloc", block, may, size)],
  [
    /^(\w+) = memalign(\??) (\d+) (\d+)$/,
    (block, may, alignment, size) =>
      ({ ...allocation("memalign", block, may, size), alignment: Number(alignment) }) as Operation,
  ],
  [
    /^(\w+) = realloc(\??) (\w+) (\d+)$/,
    (block, may, old, size) => ({ ...allocation("realloc", block, may, size), old }) as Operation,
  ],
  [/^(free|send|receive) (\w+)$/, (call, block) => ({ call: call as "free", block })],
  [/^(attach|detach|idle|reserve)$/, (call) => ({ call: call as "attach" })],
  [/^reclaim (\d+)$/, (thread) => ({ call: "reclaim", thread: Number(thread) })],
  [/^footprint (\d+)$/, (pages) => ({ call: "footprint", pages: Number(pages) })],
];

function allocation(
  call: "malloc" | "calloc" | "memalign" | "realloc",
  block: string,
  may: string,
  size: string,
): Operation {
  return { call, block, size: Number(size), mayFail: may !== "" };
}

export function parseOperation(line: string): Operation {
  for (const [pattern, make] of GRAMMAR) {
    const match = pattern.exec(line);
    if (match !== null) return make(...match.slice(1));
  }
  throw new UserError(`"${line}" is no operation of a scenario`);
}
