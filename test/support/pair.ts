/** Pairs: the same calls on two heaps that must give the same addresses. */
import type { Heap } from "../../templates/host/api.ts";
import type { Operation } from "./script.ts";

/**
 * Plays a script on both heaps. Returns the first call whose answers differ, if there is one.
 * `before` is done ahead of each call.
 */
export function firstDifference(
  one: Heap,
  other: Heap,
  script: readonly Operation[],
  before: (index: number) => void = () => {},
): string | undefined {
  const blocks = new Map<number, number>();
  for (const [index, operation] of script.entries()) {
    before(index);
    const [a, b] = [one, other].map((heap) => perform(heap, operation, blocks));
    if (a !== b) return `${index}: ${JSON.stringify(operation)} gives ${a} and ${b}`;
    if (operation.call === "detach") continue;
    const kept = operation.call === "realloc" && a === 0 && operation.size > 0;
    if (!kept) blocks.set(operation.slot, a ?? 0);
  }
  return undefined;
}

/** The address that a call answers with. A slot that gets another block gives its old one up first. */
function perform(heap: Heap, operation: Operation, blocks: ReadonlyMap<number, number>): number {
  if (operation.call === "detach") {
    heap.detach();
    return 0;
  }
  const old = blocks.get(operation.slot) ?? 0;
  if (operation.call === "realloc") return heap.realloc(old, operation.size);
  heap.free(old);
  switch (operation.call) {
    case "malloc":
      return heap.malloc(operation.size);
    case "calloc":
      return heap.calloc(operation.count, operation.size);
    case "memalign":
      return heap.memalign(operation.alignment, operation.size);
    case "free":
      return 0;
  }
}
