import type { Command } from "commander";

export interface GenerateFlags {
  readonly out: string;
  readonly check?: true;
  readonly watch?: true;
  readonly keepStages?: true;
  readonly json?: true;
}

export function addGenerateCommand(program: Command): void {
  program
    .command("generate")
    .description("emits each variant into a folder of its own: source, bundles, types, manifest")
    .argument("<spec...>", "presets' names or spec files (.json, .jsonc, .ts, .js)")
    .option("--out <folder>", "where the variants' folders go", "generated")
    .option("--check", "writes nothing; fails where what is on disk is not what would be emitted")
    .option("--watch", "goes on, and renews the variants whenever their specs change")
    .option("--keep-stages", "writes what every stage of the generator handed on, too")
    .option("--json", "prints the result as one JSON document")
    .action(async (sources: string[], flags: GenerateFlags) => {
      const { generateCommand } = await import("./actions/generate.ts");
      await generateCommand(sources, flags);
    });
}
