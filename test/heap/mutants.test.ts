/**
 * Mutants: an emitted build with one step broken. Each must be caught, or the tests beside this one
 * prove nothing.
 */
import { describe, expect, test } from "vitest";
import { importText } from "../support/emitted.ts";
import { ContractError, Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { variantOf } from "../support/variants.ts";

const variant = variantOf("single");

const scripts = [
  randomScript(21, 4000, 400, 3000),
  randomScript(22, 1500, 40, 1 << 20),
  randomScript(23, 800, 12, 5 << 20),
  // Blocks of one class, so that it has many slabs.
  randomScript(24, 3000, 400, 1000).map((operation) =>
    "size" in operation ? { ...operation, size: 1000 } : operation,
  ),
];

/** Plays the scripts on a build's text; returns what went wrong, or undefined. */
async function faultOf(code: string): Promise<unknown> {
  const { createHeap } = await importText(code);
  try {
    for (const script of scripts) {
      const ledger = new Ledger(createHeap(), variant.alignment);
      play(ledger, script, 100);
      ledger.freeAll();
      ledger.heap.detach();
      ledger.audit();
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

interface Mutant {
  readonly what: string;
  readonly from: RegExp;
  readonly to: string;
  /** Who finds it: the ledger, with these words, or the heap's own check, by this invariant. */
  readonly caught: RegExp;
}

const mutants: readonly Mutant[] = [
  {
    what: "a moved block leaves its bytes behind",
    from: /copyBlock\(target, ptr, [^;]*;/,
    to: "",
    caught: /^realloc.*was overwritten/,
  },
  {
    what: "calloc trusts a used block",
    from: /clearBytes\(block, bytes\)/,
    to: "0",
    caught: /^calloc.*is not zero/,
  },
  {
    what: "pages in use count as zero",
    from: /own\.runIsZero = false;(?=\s+from = to)/,
    to: ";",
    caught: /^calloc.*is not zero/,
  },
  {
    what: "pages are handed out without being marked",
    from: /togglePages\(page, end\);(?=\s+own\.runIsZero)/,
    to: "",
    caught: /overlaps the live block/,
  },
  {
    what: "a run grows into pages in use",
    from: /if \(!extendRun\(end, wanted - end\)\) \{\s+return false;\s+\}/,
    to: "",
    caught: /overlaps the live block|leaves the memory|pages in use/,
  },
  {
    what: "a slab serves a block too many",
    from: />= u32\[thread \+ THREAD_SLOT_VIRGIN_END \+ c\]/,
    to: "> u32[thread + THREAD_SLOT_VIRGIN_END + c]",
    caught: /overlaps the live block|usable|blocks/,
  },
  {
    what: "drained lists keep their blocks",
    from: /u32\[list\] = following;/,
    to: "",
    caught: /list|overlaps|liveBlocks/,
  },
  {
    what: "a freed block is not counted",
    from: /(u32\[slab \+ SLAB_LEFT\] = left;)(?=\s+if \(left === 0\) settle)/,
    to: "",
    caught: /blocks out and blocks free are the blocks carved/,
  },
  {
    what: "a partial slab is unlinked on one side only",
    from: /if \(following !== 0\) u32\[following \+ SLAB_PREVIOUS\] = previous;/,
    to: "",
    caught: /partial|blocks out and blocks free/,
  },
  {
    what: "memalign takes any class that is large enough",
    from: /\(CLASS_BYTES\[c\] & alignment - 1\) !== 0/,
    to: "false",
    caught: /^memalign.*is not a multiple of/,
  },
];

test("the build itself is sound", async () => {
  expect(await faultOf(String((await variant.files()).get("index.js")))).toBeUndefined();
});

describe("caught", () => {
  test.each(mutants)("$what", async ({ from, to, caught }) => {
    const code = String((await variant.files()).get("index.js"));
    const mutated = code.replace(from, to);
    expect(mutated, `${from} is not in the build any more: adapt the mutant`).not.toBe(code);
    const fault = await faultOf(mutated);
    const { HeapCorruptionError } = await importText(mutated);
    expect(fault instanceof ContractError || fault instanceof HeapCorruptionError, String(fault)).toBe(true);
    expect((fault as Error).message).toMatch(caught);
  });
});
