/**
 * A build to measure: generated on the spot from a spec, or emitted before and found in a folder.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadSpec } from "../spec/load-spec.ts";
import type { ResolvedSpec } from "../spec/resolve.ts";
import { UserError } from "../spec/user-error.ts";
import type { Build } from "./variant.ts";

/** The part of `manifest.json` that measuring needs. */
interface Manifest {
  readonly name: string;
  readonly spec: { readonly alignment: number };
  readonly bytes: Build["bytes"];
}

/** `source`: a preset's name, a spec file, or the folder of an emitted build. */
export async function loadBuild(source: string): Promise<Build> {
  if (existsSync(source) && statSync(source).isDirectory()) return emittedBuild(source);
  return buildOf(await loadSpec(source));
}

export async function buildOf(spec: ResolvedSpec): Promise<Build> {
  // Loaded late: the generator brings a compiler along, and an emitted build needs none.
  const { generateVariant, javaScriptOf } = await import("../generator/pipeline.ts");
  const variant = await generateVariant(spec);
  return build(variant.manifest, javaScriptOf(variant));
}

function emittedBuild(folder: string): Build {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
    return build(manifest, readFileSync(join(folder, "index.js"), "utf8"));
  } catch (error) {
    throw new UserError(
      `${folder}: not an emitted build (${(error as Error).message}); see slabsmith generate`,
    );
  }
}

const build = ({ name, spec, bytes }: Manifest, code: string): Build => ({
  name,
  alignment: spec.alignment,
  bytes,
  code,
});
