import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { loadSpec } from "../../spec/load-spec.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { UserError } from "../../spec/user-error.ts";
import { type GeneratedVariant, generateEach, generateVariant, type StageRecord } from "../pipeline.ts";
import { writeStages, writeVariant } from "../write-variant.ts";

interface Flags {
  readonly out: string;
  readonly keepStages?: true;
  readonly json?: true;
}

export function addGenerateCommand(program: Command): void {
  program
    .command("generate")
    .description("emits each variant into a folder of its own: source, bundles, types, manifest")
    .argument("<spec...>", "presets' names or spec files (.json, .ts, .js)")
    .option("--out <folder>", "where the variants' folders go", "generated")
    .option("--keep-stages", "writes what every stage of the generator handed on, too")
    .option("--json", "prints the result as one JSON document")
    .action(generate);
}

/** Every spec is resolved and every variant made before the first file is written. */
async function generate(sources: readonly string[], { out, keepStages, json }: Flags): Promise<void> {
  const specs = await Promise.all(sources.map(loadSpec));
  refuseTwins(specs);

  const variants = await generateEach(specs, async (spec) => {
    const variant = await (keepStages ? generateKeeping(spec, out) : generateVariant(spec));
    note(`${spec.name} generated`);
    return variant;
  });
  const results = variants.map((variant) => ({
    name: variant.name,
    folder: write(variant, out, keepStages),
    specHash: variant.manifest.specHash,
    bytes: variant.manifest.bytes,
  }));
  process.stdout.write(json ? `${JSON.stringify(results, null, 2)}\n` : `${table(results)}\n`);
}

/** Generates a variant; should a stage fail, what those before it handed on is written beside the variants. */
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

function write(variant: GeneratedVariant, out: string, keepStages?: true): string {
  try {
    return writeVariant(variant, out, keepStages);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`--out ${out}: cannot be written to (${code}); name another folder`);
  }
}

function table(
  results: readonly { name: string; folder: string; bytes: GeneratedVariant["manifest"]["bytes"] }[],
): string {
  const width = Math.max(...results.map(({ name }) => name.length), "variant".length);
  const row = (name: string, raw: string, min: string, gzip: string, folder: string) =>
    `${name.padEnd(width)}${[raw, min, gzip].map((cell) => cell.padStart(9)).join("")}  ${folder}`;
  return [
    pc.dim(row("variant", "bytes", "min", "gzip", "folder")),
    ...results.map(({ name, bytes, folder }) =>
      row(name, String(bytes.raw), String(bytes.min), String(bytes.gzip), folder),
    ),
  ].join("\n");
}

function note(text: string): void {
  process.stderr.write(`${pc.dim(text)}\n`);
}
