/** Empty SuperSlabs that stay, and memory known to be zero. */
import type { Choices } from "../schema.ts";
import type { Finding } from "./rule.ts";

export function* emptySuperSlabs({ lru, geometry }: Choices): Iterable<Finding> {
  if (lru.bytes === undefined) return;
  if (lru.entries === 0) {
    yield [
      "lru.bytes",
      `${lru.bytes} limits SuperSlabs of which lru.entries 0 keeps none`,
      "leave bytes out, or raise entries",
    ];
  } else if (lru.bytes < geometry.superSlabBytes) {
    yield [
      "lru.bytes",
      `${lru.bytes} does not hold one SuperSlab of geometry.superSlabBytes ${geometry.superSlabBytes}`,
      `use at least ${geometry.superSlabBytes}, or lru.entries 0`,
    ];
  }
}

export function* zeroKnowledge({ zero }: Choices): Iterable<Finding> {
  if (zero.lazyZero !== undefined && !zero.knowledge) {
    yield [
      "zero.lazyZero",
      "it says when a SuperSlab becomes known to be zero, and zero.knowledge is false",
      "leave it out, or use zero.knowledge true",
    ];
  }
}
