/** `slabsmith link`: an allocator becomes part of a WebAssembly module. */
import type { Command } from "commander";

export interface LinkFlags {
  readonly out?: string;
  readonly json?: true;
}

export function addLinkCommand(program: Command): void {
  program
    .command("link")
    .description("merges the allocator into a Wasm module that imports malloc, free, …, and inlines it")
    .argument("<spec>", "a preset's name or a spec file (.json, .jsonc, .ts, .js), for one thread")
    .argument("<program>", "a .wasm file")
    .option("--out <file>", "the linked module (default: <program>.linked.wasm)")
    .option("--json", "prints the result as one JSON document")
    .action(async (spec: string, file: string, flags: LinkFlags) => {
      const { linkCommand } = await import("./actions/link.ts");
      await linkCommand(spec, file, flags);
    });
}
