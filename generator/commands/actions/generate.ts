/** What `slabsmith generate` does. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { loadSpec } from "../../../spec/load-spec.ts";
import type { ResolvedSpec } from "../../../spec/resolve.ts";
import { UserError } from "../../../spec/user-error.ts";
import { CheckFailed } from "../../check/check-failed.ts";
import { type GeneratedVariant, generateEach, generateVariant, type StageRecord } from "../../pipeline.ts";
import { contentsOf, differences, writeStages, writeVariant } from "../../write-variant.ts";
import type { GenerateFlags } from "../generate.ts";

interface Result {
  readonly name: string;
  readonly folder: string;
  readonly specHash: string;
  readonly bytes: GeneratedVariant["manifest"]["bytes"];
  /** With --check: the files that are not what would be emitted. */
  readonly stale?: readonly string[];
}

export async function generateCommand(sources: readonly string[], flags: GenerateFlags): Promise<void> {
  const misfit = flags.check && (["watch", "keepStages"] as const).find((flag) => flags[flag]);
  if (misfit) throw new UserError(`--check writes nothing: leave --${misfit.replace("S", "-s")} out`);
  if (flags.watch) {
    const { watchSpecs } = await import("../../watch-specs.ts");
    await watchSpecs(sources, () => generate(sources, flags));
    return;
  }
  await generate(sources, flags);
}

/** Every spec is resolved and every variant made before the first file is written. */
async function generate(sources: readonly string[], flags: GenerateFlags): Promise<void> {
  const { out, check, keepStages, json } = flags;
  const specs = await Promise.all(sources.map((source) => loadSpec(source)));
  refuseTwins(specs);

  const variants = await generateEach(specs, async (spec) => {
    const variant = await (keepStages ? generateKeeping(spec, out) : generateVariant(spec));
    note(`${spec.name} generated`);
    return variant;
  });
  const results = variants.map((variant): Result => {
    const { name, manifest } = variant;
    const folder = check ? join(out, name) : writeVariant(variant, out, keepStages);
    const { specHash, bytes } = manifest;
    return {
      name,
      folder,
      specHash,
      bytes,
      ...(check && { stale: differences(contentsOf(variant), folder) }),
    };
  });
  process.stdout.write(json ? `${JSON.stringify(results, null, 2)}\n` : `${table(results)}\n`);
  const stale = results.flatMap(({ folder, stale = [] }) => stale.map((file) => join(folder, file)));
  if (stale.length > 0) {
    throw new CheckFailed(
      `not what would be emitted: ${stale.join(", ")}; the same command without --check renews`,
    );
  }
}

/**
 * Generates a variant; should a stage fail, what those before it handed on is written beside the
 * variants.
 */
async function generateKeeping(spec: ResolvedSpec, out: string): Promise<GeneratedVariant> {
  const stages: StageRecord[] = [];
  try {
    return await generateVariant(spec, { observe: (stage) => stages.push(stage) });
  } catch (error) {
    const folder = join(out, `${spec.name}-stages`);
    rmSync(folder, { recursive: true, force: true });
    writeStages(stages, folder);
    note(`what the stages before the failure handed on is in ${folder}`);
    throw error;
  }
}

/** Variants go to folders by their names. */
function refuseTwins(specs: readonly ResolvedSpec[]): void {
  const names = specs.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  throw new UserError(`two of the specs are named ${twin}: give one of them another \`name\``);
}

function table(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length), "variant".length);
  const row = (name: string, raw: string, min: string, gzip: string, folder: string) =>
    `${name.padEnd(width)}${[raw, min, gzip].map((cell) => cell.padStart(9)).join("")}  ${folder}`;
  return [
    pc.dim(row("variant", "bytes", "min", "gzip", "folder")),
    ...results.map(({ name, bytes, folder }) =>
      row(name, String(bytes.raw), String(bytes.min), String(bytes.gzip), folder),
    ),
    ...results.flatMap(({ name, bytes }) =>
      bytes.wasm === undefined ? [] : [pc.dim(`${name}: allocator.wasm has ${bytes.wasm} bytes`)],
    ),
  ].join("\n");
}

function note(text: string): void {
  process.stderr.write(`${pc.dim(text)}\n`);
}
