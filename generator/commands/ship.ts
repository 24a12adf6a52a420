/** `slabsmith ship`: an npm-ready package of one build. */
import type { Command } from "commander";

export interface ShipFlags {
  readonly out?: string;
  readonly against?: string;
  readonly figures?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function addShipCommand(program: Command): void {
  program
    .command("ship")
    .description("makes an npm-ready package of one build, after it has passed every gate")
    .argument(
      "<spec>",
      "a preset's name or a spec file (.json, .jsonc, .ts, .js); its `ship` names package and budgets",
    )
    .option("--out <folder>", "the package's folder (default: shipped/<name>)")
    .option(
      "--against <folder>",
      "an earlier package: compares speed, size, interface and layout, and counts the version on",
    )
    .option("--figures <file>", "a report of `bench --out` whose figures the README shows")
    .option("--dry-run", "passes every gate and writes nothing")
    .option("--json", "prints the result as one JSON document")
    .action(async (source: string, flags: ShipFlags) => {
      const { shipCommand } = await import("./actions/ship.ts");
      await shipCommand(source, flags);
    });
}
