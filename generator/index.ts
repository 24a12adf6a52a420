/**
 * slabsmith as a library. Every function returns a value; nothing is written unless a folder is
 * named.
 *
 * A spec is given as a preset's name, the path of a spec file, or an object. A spec that cannot be
 * built is a `SpecError`, any other mistake of the caller's a `UserError`: their messages are meant
 * for people.
 */
import { loadSpec } from "../spec/load-spec.ts";
import type { ResolvedSpec } from "../spec/resolve.ts";
import type { Spec } from "../spec/schema.ts";
import type { Report } from "./check/explore-scenario.ts";
import type { Explanation } from "./explain/explain.ts";
import type { Manifest } from "./pipeline.ts";

export { defineSpec } from "../spec/define-spec.ts";
export type { KernelSpec } from "../spec/kernel-spec.ts";
export { type Problem, SpecError } from "../spec/spec-error.ts";
export { UserError } from "../spec/user-error.ts";
export type { Explanation, Manifest, Report, ResolvedSpec, Spec };

/**
 * A preset's name, the path of a spec file (`.json`, `.jsonc`, `.ts`, `.js` …), or the spec itself.
 */
export type SpecSource = string | Spec;

/** A build: what stands in its folder once it is written. */
export interface Build {
  /** Names the variant and its folder. */
  readonly name: string;
  /**
   * Text of each file by its name: `allocator.ts`, `index.js`, `index.min.js`, `index.d.ts`,
   * `manifest.json`, …
   */
  readonly files: ReadonlyMap<string, string>;
  /** What `manifest.json` says. */
  readonly manifest: Manifest;
}

export interface GenerateOptions {
  /** Writes the build to `<out>/<name>/`. Without it nothing is written. */
  readonly out?: string;
}

export interface CheckOptions {
  /** Names of scenarios; all of them, if left out. */
  readonly scenarios?: readonly string[];
  /** Time for each scenario. */
  readonly seconds?: number;
}

/**
 * The spec with every question answered: preset and defaults filled in, contradictions looked for.
 */
export async function resolve(spec: SpecSource): Promise<ResolvedSpec> {
  return loadSpec(spec);
}

/** The build of a spec. The same spec gives the same bytes. */
export async function generate(spec: SpecSource, { out }: GenerateOptions = {}): Promise<Build> {
  const resolved = await resolve(spec);
  const { generateVariant } = await import("./pipeline.ts");
  const variant = await generateVariant(resolved);
  if (out !== undefined) {
    const { writeVariant } = await import("./write-variant.ts");
    writeVariant(variant, out);
  }
  const { name, files, manifest } = variant;
  return { name, files, manifest };
}

/**
 * What a spec comes to: class table with its waste, memory map, tiers and stages, what each choice
 * costs.
 */
export async function explain(spec: SpecSource): Promise<Explanation> {
  const resolved = await resolve(spec);
  const { explain } = await import("./explain/explain.ts");
  return explain(resolved);
}

/**
 * Explores the interleavings of the checked build's scenarios, on all cores. A report with
 * `failing` shows a defect.
 */
export async function check({ scenarios: names, seconds = 20 }: CheckOptions = {}): Promise<Report[]> {
  const { chooseScenarios } = await import("./check/scenarios/index.ts");
  const { shareOut } = await import("./check/crew/crew.ts");
  const chosen = chooseScenarios(names ?? []);
  return shareOut(
    "scenario",
    chosen.map((scenario) => ({ scenario, seconds })),
  );
}
