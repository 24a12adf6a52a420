/** `slabsmith init`: a first spec. */
import type { Command } from "commander";

export interface InitFlags {
  readonly name?: string;
  readonly threads?: string;
  readonly memory?: string;
  readonly sizes?: string;
  readonly for?: string;
  readonly trace?: string;
  readonly format?: string;
  readonly force?: true;
  readonly json?: true;
}

export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description("writes a first spec, from a few answers or from options, and says what to type next")
    .argument("[dir]", "where the spec goes", ".")
    .option("--name <name>", "names the variant and the file (default: heap)")
    .option("--threads <n>", "threads that allocate (default: 1)")
    .option("--memory <size>", "address space of a heap, such as 64MiB (default: 64 MiB)")
    .option("--sizes <list>", "typical sizes of blocks in bytes, such as 24,64,200")
    .option("--for <goal>", "what matters most: speed, footprint or size (of the code) (default: speed)")
    .option("--trace <file>", "takes memory and sizes from a recorded trace")
    .option("--format <format>", "ts or jsonc (default: ts)")
    .option("--force", "overwrites a spec that is there")
    .option("--json", "prints the result as one JSON document")
    .action(async (folder: string, flags: InitFlags) => {
      const { init } = await import("./actions/init.ts");
      await init(folder, flags);
    });
}
