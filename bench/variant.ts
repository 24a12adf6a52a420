/** A variant to measure: generated on the spot from a spec, or an emitted build found in a folder. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadSpec } from "../spec/load-spec.ts";
import { UserError } from "../spec/user-error.ts";
import { type Contender, heapContender } from "./contender.ts";
import type { LoopFactory } from "./fresh-copy.ts";
import type { CreateHeap, Heap } from "./heap.ts";

export interface CodeBytes {
  readonly raw: number;
  readonly min: number;
  readonly gzip: number;
}

/** The part of `manifest.json` that measuring needs. */
interface Manifest {
  readonly name: string;
  readonly spec: { readonly alignment: number };
  readonly bytes: CodeBytes;
}

export interface Variant {
  readonly name: string;
  readonly alignment: number;
  readonly bytes: CodeBytes;
  /** A module of its own each time: what V8 learned about another one's code does not reach it. */
  instantiate(): Promise<CreateHeap>;
}

/** `source`: a preset's name, a spec file, or the folder of an emitted build. */
export async function loadVariant(source: string): Promise<Variant> {
  if (existsSync(source) && statSync(source).isDirectory()) return emittedVariant(source);
  // Loaded late: the generator brings a compiler along, and an emitted build needs none.
  const { generateVariant } = await import("../generator/pipeline.ts");
  const { files, manifest } = await generateVariant(await loadSpec(source));
  return variant(manifest, String(files.get("index.js")));
}

function emittedVariant(folder: string): Variant {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
    return variant(manifest, readFileSync(join(folder, "index.js"), "utf8"));
  } catch (error) {
    throw new UserError(
      `${folder}: not an emitted build (${(error as Error).message}); see slabsmith generate`,
    );
  }
}

let instances = 0;

function variant({ name, spec, bytes }: Manifest, code: string): Variant {
  return {
    name,
    alignment: spec.alignment,
    bytes,
    async instantiate() {
      const unique = `${code}\n// instance ${instances++}\n`;
      const module = await import(`data:text/javascript;base64,${Buffer.from(unique).toString("base64")}`);
      return module.createHeap as CreateHeap;
    },
  };
}

/** A heap of the size that the spec reserves, unless the work needs more. */
export function createHeapFor(createHeap: CreateHeap, { peakLiveBytes }: { peakLiveBytes: number }): Heap {
  const enough = 2 ** Math.ceil(Math.log2(4 * peakLiveBytes));
  return createHeap(enough > 64 * 2 ** 20 ? { maxBytes: enough } : undefined);
}

export function variantContender(variant: Variant, copy?: LoopFactory): Contender {
  return heapContender(
    variant.name,
    async (workload) => createHeapFor(await variant.instantiate(), workload),
    copy,
  );
}
