/** Types: what a user compiles against, and that every form of a build exports the same. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importText } from "../support/emitted.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { chosenVariants, variants } from "../support/variants.ts";

/** A small program, as a user would write it. */
const program = (from: string) => `
import { createHeap, type Heap, type HeapOptions, type HeapStats } from "${from}";

const options: HeapOptions = { maxBytes: 1 << 20 };
const heap: Heap = createHeap(options);
const ptr: number = heap.malloc(12);
heap.u32[ptr >>> 2] = 7;
heap.f64[heap.memalign(64, 8) >>> 3] = 0.5;
heap.free(heap.realloc(heap.calloc(3, 4), 100));
const stats: HeapStats = heap.stats();
export const figures: number[] = [heap.usableSize(ptr), stats.liveBytes, stats.liveBlocks, stats.committedBytes, stats.peakCommittedBytes, stats.reservedBytes];
heap.detach();
heap[Symbol.dispose]();
// @ts-expect-error: addresses are numbers
heap.free("12");
// @ts-expect-error: there is no such option
createHeap({ maxByte: 1 });
// @ts-expect-error: a heap's views are its own to replace
heap.u8 = new Uint8Array(1);
`;

/** What a heap of several threads adds. */
const threads = (from: string) => `
import { attachHeap, type HeapHandle } from "${from}";
const handle: HeapHandle = heap.handle;
figures.push(handle.maxBytes, attachHeap(handle).threadSlot);
`;

/** What a heap of one thread has not got. */
const ALONE = `
// @ts-expect-error: no other thread can attach
heap.handle;
`;

/** What a heap that can be walked adds. */
const walk = (from: string) => `
import { HeapCorruptionError } from "${from}";
export const { invariant, address } = new HeapCorruptionError("none", 16);
heap.check();
for (const { ptr, size, used } of heap.blocks()) figures.push(ptr, size, used ? 1 : 0);
`;

/** Every check that TypeScript has. */
const STRICTEST: ts.CompilerOptions = {
  strict: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  erasableSyntaxOnly: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-types-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a user's program compiles, strictly, against the source and against the declarations", async () => {
  const users: string[] = [];
  for (const variant of chosenVariants) {
    const home = join(folder, variant.name);
    mkdirSync(home);
    for (const [name, text] of await variant.files()) writeFileSync(join(home, name), text);
    for (const from of ["./allocator.ts", "./index.js"]) {
      const user = join(home, `user-of-${from.slice(2)}`.replace(/\.js$/, ".ts"));
      const { heapWalk, manyThreads } = variant.resolved.kernel;
      const more = (heapWalk ? walk(from) : "") + (manyThreads ? threads(from) : ALONE);
      writeFileSync(user, program(from) + more);
      users.push(user);
    }
  }
  const compiled = ts.createProgram(users, {
    ...STRICTEST,
    noEmit: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
  });
  const problems = ts.getPreEmitDiagnostics(compiled).map(({ file, start, messageText }) => {
    const line = file && file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${file?.fileName.slice(folder.length)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  expect(problems).toEqual([]);
});

describe.each(variants)("$name", (variant) => {
  test("index.js and index.min.js export the same and work alike", async () => {
    const files = await variant.files();
    const [readable, minified] = await Promise.all(
      ["index.js", "index.min.js"].map((name) => importText(String(files.get(name)))),
    );
    expect(Object.keys(minified)).toEqual(Object.keys(readable));
    const walk = variant.resolved.kernel.heapWalk ? ["HeapCorruptionError"] : [];
    const attach = variant.resolved.kernel.manyThreads ? ["attachHeap"] : [];
    const { lowering, kernel } = variant.resolved;
    const hasImages = lowering === "flagged" || kernel.api.image;
    const images = hasImages ? ["HeapImageError", "openHeap"] : [];
    const printed = [
      ...(kernel.observe.counters ? ["formatStats"] : []),
      ...(kernel.guards.states ? ["formatLeaks"] : []),
    ];
    const names = [...walk, ...attach, "createHeap", ...images, ...printed];
    expect(Object.keys(readable).sort()).toEqual(names.sort());
    const script = randomScript(5, 1000, 60, 100_000);
    const [one, other] = [readable, minified].map(({ createHeap }) => {
      const heap = createHeap();
      const ledger = new Ledger(heap, variant.alignment);
      const answers = play(ledger, script);
      ledger.audit();
      return {
        answers,
        keys: Object.keys(heap),
        stats: heap.stats(),
        places: [...ledger.live].map(({ ptr }) => ptr),
      };
    });
    expect(other).toEqual(one);
  });
});
