/**
 * Directed mutants: mistakes that no suite noticed once. Each is found by a piece of the kernel's
 * text, and names the tests that are there for it.
 */
import type { Program } from "../../generator/stages/program.ts";
import type { SemanticMutant } from "./mutant.ts";

export interface DirectedMutant extends SemanticMutant {
  readonly what: string;
  /** Parts of the names of tests; one of them tells. */
  readonly tests: readonly string[];
}

type Described = Omit<DirectedMutant, "at" | "kind">;

const described: readonly Described[] = [
  {
    what: "sticky: a slab that serves again has a block fewer out than it has",
    file: "kernel/stages/partial.ts",
    inside: "offerAll",
    from: "load32(slab + Slab.left) + load32(slab + Slab.rest)",
    to: "load32(slab + Slab.left) + load32(slab + Slab.rest) - 1",
    form: "expression",
    tests: ["remembered-slabs.test.ts › sticky › one block of the slab that was"],
  },
  {
    what: "sticky: a slab that serves again keeps a block that stays out",
    file: "kernel/stages/partial.ts",
    inside: "offerAll",
    from: "store32(slab + Slab.rest, 0);",
    to: "store32(slab + Slab.rest, 1);",
    form: "statement",
    tests: ["remembered-slabs.test.ts › sticky › one block of the slab that was"],
  },
  {
    what: "R5: a slab is noted as inactive while it is active",
    file: "kernel/active.ts",
    inside: "lowerActive",
    from: "active === 0",
    to: "active !== 0",
    form: "expression",
    tests: ["accounts.test.ts › R5: ", "waves.test.ts › all-tiers › one block of every size"],
  },
  {
    what: "R5: caches are never drained before new pages are touched",
    file: "kernel/idle.ts",
    inside: "mayEmptySlabs",
    from: "load32(thread + ThreadSlot.inactive) !== 0",
    to: "false",
    form: "expression",
    tests: ["accounts.test.ts › R5: ", "waves.test.ts › all-tiers › one block of every size"],
  },
  {
    what: "acquire: idle memory is collected when no new pages would be touched, and only then",
    file: "kernel/pool/acquire.ts",
    inside: "acquireRun",
    from: "!areTouched(page, count)",
    to: "areTouched(page, count)",
    form: "expression",
    tests: ["waves.test.ts › shared › one block of every size"],
  },
  {
    what: "a SuperSlab that was cleared is not known to be zero: calloc clears it again",
    file: "kernel/superslab.ts",
    inside: "retire",
    from: "store32(superSlab + SuperSlab.dirty, 0);",
    to: "{}",
    form: "statement",
    tests: ["zero-knowledge.test.ts › lru-one › a SuperSlab that becomes empty"],
  },
  {
    what: "LRU: the SuperSlab emptied last is given back",
    file: "kernel/lru.ts",
    inside: "surplusOfLru",
    from: "Heap.lruOldest",
    to: "Heap.lruNewest",
    form: "expression",
    tests: ["lru.test.ts › single ›"],
  },
  {
    what: "LRU: one less is kept than may be",
    file: "kernel/lru.ts",
    inside: "surplusOfLru",
    from: "load32(HEAP + Heap.lruEntries) > spec.lru.entries",
    to: "(load32(HEAP + Heap.lruEntries) >= spec.lru.entries)",
    form: "expression",
    tests: ["lru.test.ts › single ›"],
  },
  {
    what: "a magazine is never filled",
    file: "kernel/tiers/magazine.ts",
    inside: "fillMagazine",
    from: "rounds < half",
    to: "(rounds < 0)",
    form: "expression",
    tests: ["accounts.test.ts › F4"],
  },
  {
    what: "slabs of SuperSlabs that are kept are taken before those of SuperSlabs in use",
    file: "kernel/pool/acquire.ts",
    inside: "findSlots",
    from: "findAmong(LIVE, count, align) || findAmong(KEPT, count, align)",
    to: "(findAmong(KEPT, count, align) || findAmong(LIVE, count, align))",
    form: "expression",
    tests: ["lru.test.ts › shared ›"],
  },
];

export function directedMutants(kernel: Program): DirectedMutant[] {
  return described.map((mutant) => {
    const { file, inside, from, what } = mutant;
    const text = kernel.modules.find(({ path }) => path === file)?.text ?? "";
    const start = text.indexOf(`function ${inside}(`);
    const at = start < 0 ? -1 : text.indexOf(from, start);
    if (at < 0) {
      throw new Error(
        `the kernel has changed: ${inside} of templates/${file} does not say "${from}" any more; renew the mutant "${what}" in test/mutants/directed.ts`,
      );
    }
    return { ...mutant, at, kind: "directed" };
  });
}
