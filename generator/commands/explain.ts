import type { Command } from "commander";
import { loadSpec } from "../../spec/load-spec.ts";

export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .description(
      "shows what a spec comes to: size classes and their waste, memory map, tiers and stages, what choices cost",
    )
    .argument("<spec>", "a preset's name or a spec file (.json, .ts, .js)")
    .option("--json", "print the explanation as one JSON document")
    .action(async (source: string, { json }: { json?: boolean }) => {
      const spec = await loadSpec(source);
      process.stderr.write(
        `building ${spec.name} with each choice made differently, to see what it costs …\n`,
      );
      const { explain } = await import("../explain/explain.ts");
      const { printExplanation } = await import("../explain/print.ts");
      const explanation = await explain(spec);
      const text = json ? JSON.stringify(explanation, null, 2) : printExplanation(explanation);
      process.stdout.write(`${text}\n`);
    });
}
