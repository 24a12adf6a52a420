/** `slabsmith bench`: the command line of `bench/bench.ts`. */
import type { Command } from "commander";
import { PEERS } from "../../bench/peers/index.ts";
import { SPECIAL, WORKLOAD_IDS } from "../../bench/workloads/index.ts";
import { THREADED_IDS } from "../../bench/workloads/threaded/index.ts";
import { requirePackages } from "../optional-packages.ts";
import { MEASURING_PACKAGES, PAGE_PACKAGES, QUICK, THOROUGH } from "./arguments.ts";

export interface BenchFlags {
  variants: string;
  workloads?: string;
  trace?: string[];
  peers: string;
  baseline?: string;
  rounds?: string;
  threads?: string;
  quick?: true;
  json?: true;
  out?: string;
  report?: string;
  compare?: string;
}

/** Measured beside `flagged` where nothing else is said. */
const DEFAULT_VARIANTS = "single";
export const DEFAULT_BASELINE = "flagged";
export const DEFAULT_WORKLOADS = "W7,W3";
export const DEFAULT_THREADED = "W1/tput,W3,W8";

export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description("measures variants against each other and against peers in one run")
    .option("--variants <list>", "presets, spec files, or folders of emitted builds", DEFAULT_VARIANTS)
    .option("--baseline <variant>", `what ratios refer to (default: "${DEFAULT_BASELINE}")`)
    .option(
      "--workloads <list>",
      `of ${WORKLOAD_IDS.join(", ")}; W7 means all of its kind; ${SPECIAL.join(", ")} (default: "${DEFAULT_WORKLOADS}"); with --threads of ${THREADED_IDS.join(", ")}, or a command of larson's, such as "larson 2 8 128 1024 1 12345 N" (default: "${DEFAULT_THREADED}")`,
    )
    .option("--trace <file...>", "replays a trace of your own; alone it replaces the default workloads")
    .option("--peers <list>", `of ${PEERS.map(({ id }) => id).join(", ")}, or all, none`, "none")
    .option("--rounds <n>", `turns of each contender (default: ${THOROUGH.rounds}, quick: ${QUICK.rounds})`)
    .option(
      "--threads <list>",
      "numbers of threads, such as 1,2,4: runs the workloads for several threads with each (builds for one thread: a heap for each, where no block changes hands)",
    )
    .option("--quick", "fewer and shorter samples: a first look")
    .option("--json", "prints the report as one JSON document")
    .option("--out <file>", "writes the report as JSON to a file, too")
    .option("--compare <file>", "an earlier report (--out): fails if a workload is slower now, noise apart")
    .option("--report <file>", "writes the report as an HTML page, too")
    .action(async (flags: BenchFlags) => {
      requirePackages("slabsmith bench", MEASURING_PACKAGES);
      if (flags.report !== undefined) requirePackages("slabsmith bench --report", PAGE_PACKAGES);
      const { bench } = await import("./actions/bench.ts");
      await bench(flags);
    });
}
