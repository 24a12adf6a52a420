/** Assembles WebAssembly text with binaryen, which comes along only where it is installed. */
import type binaryenTypes from "binaryen";
import { requirePackages } from "../../optional-packages.ts";

/** Optimises for speed, and among equals for size. */
const OPTIMISE = { level: 3, shrink: 1 } as const;

export async function assemble(text: string): Promise<Uint8Array> {
  return optimised(text, await loadBinaryen("target wasm"), (module) => new Uint8Array(module.emitBinary()));
}

/** What `take` makes of a module that was optimised. */
export function optimised<Result>(
  text: string,
  binaryen: Binaryen,
  take: (module: binaryenTypes.Module) => Result,
): Result {
  // Its reader takes no letters but ASCII's, in comments neither.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant.
  const module = binaryen.parseText(text.replace(/[^\x00-\x7f]/g, "-"));
  try {
    module.setFeatures(binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt);
    if (!module.validate()) throw new Error("the module's text is not valid WebAssembly");
    binaryen.setOptimizeLevel(OPTIMISE.level);
    binaryen.setShrinkLevel(OPTIMISE.shrink);
    module.optimize();
    return take(module);
  } finally {
    module.dispose();
  }
}

export type Binaryen = typeof binaryenTypes;

/** The package, for a purpose that is named should it be missing. */
export async function loadBinaryen(purpose: string): Promise<Binaryen> {
  requirePackages(purpose, ["binaryen"]);
  return (await import("binaryen")).default;
}
