/** `slabsmith bench`: the command line of `bench/bench.ts`. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { runBench } from "../../bench/bench.ts";
import { choosePeers, PEERS } from "../../bench/peers/index.ts";
import { createProgress } from "../../bench/progress.ts";
import { benchTables } from "../../bench/tables.ts";
import { readTrace } from "../../bench/trace.ts";
import { loadVariant, type Variant } from "../../bench/variant.ts";
import { chooseWorkloads, WORKLOAD_IDS } from "../../bench/workloads/index.ts";
import { traceReplay } from "../../bench/workloads/trace-replay.ts";
import { UserError } from "../../spec/user-error.ts";

interface BenchFlags {
  variants: string;
  workloads?: string;
  trace?: string[];
  peers: string;
  baseline?: string;
  rounds?: string;
  threads: string;
  quick?: true;
  json?: true;
  out?: string;
}

const THOROUGH = { rounds: 7, samples: 3, seconds: 0.03 };
const QUICK = { rounds: 3, samples: 2, seconds: 0.01 };

/** Measured beside `flagged` where nothing else is said. */
const DEFAULT_VARIANTS = "single";
const DEFAULT_BASELINE = "flagged";
const DEFAULT_WORKLOADS = "W7,W3";

export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description("measures variants against each other and against peers in one run")
    .option("--variants <list>", "presets, spec files, or folders of emitted builds", DEFAULT_VARIANTS)
    .option("--baseline <variant>", `what ratios refer to (default: "${DEFAULT_BASELINE}")`)
    .option(
      "--workloads <list>",
      `of ${WORKLOAD_IDS.join(", ")}; W7 means all of its kind; heaps (default: "${DEFAULT_WORKLOADS}")`,
    )
    .option("--trace <file...>", "replays a trace of your own; alone it replaces the default workloads")
    .option("--peers <list>", `of ${PEERS.map(({ id }) => id).join(", ")}, or all, none`, "none")
    .option("--rounds <n>", `turns of each contender (default: ${THOROUGH.rounds}, quick: ${QUICK.rounds})`)
    .option("--threads <n>", "threads that use the heap", "1")
    .option("--quick", "fewer and shorter samples: a first look")
    .option("--json", "prints the report as one JSON document")
    .option("--out <file>", "writes the report as JSON to a file, too")
    .action(bench);
}

async function bench(flags: BenchFlags): Promise<void> {
  refuseThreads(flags.threads);
  const rounds = flags.rounds === undefined ? {} : { rounds: wholeNumber("--rounds", flags.rounds) };
  const progress = createProgress();
  const peers = choosePeers(list(flags.peers));
  const { workloads, heapWorkloads } = chosenWorkloads(flags);

  const baselineSource = flags.baseline ?? DEFAULT_BASELINE;
  const sources = [...new Set([...list(flags.variants), baselineSource])];
  const variants = new Map<string, Variant>();
  progress.start("generating", sources.length);
  for (const source of sources) {
    progress.step(source);
    variants.set(source, await loadVariant(source));
  }
  progress.stop();
  refuseTwins([...variants.values()]);

  const report = await runBench(
    {
      variants: [...variants.values()],
      peers,
      workloads,
      heapWorkloads,
      settings: {
        ...(flags.quick ? QUICK : THOROUGH),
        ...rounds,
        baseline: (variants.get(baselineSource) as Variant).name,
      },
    },
    progress,
  );
  const json = `${JSON.stringify(report, undefined, 2)}\n`;
  if (flags.out !== undefined) writeReport(flags.out, json);
  process.stdout.write(flags.json ? json : `${benchTables(report)}\n`);
}

function chosenWorkloads({ workloads, trace }: BenchFlags) {
  const traces = (trace ?? []).map((file) => traceReplay(readTrace(file)));
  const names = list(workloads ?? (trace ? "" : DEFAULT_WORKLOADS));
  if (names.length + traces.length === 0) throw new UserError("--workloads names no workload");
  const plain = names.filter((name) => name !== "heaps");
  return {
    workloads: [...chooseWorkloads(plain), ...traces],
    heapWorkloads: plain.length < names.length ? chooseWorkloads(["W3/256"]) : [],
  };
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UserError(`${option} ${text}: give a whole number from 1 on`);
  return Number(text);
}

function refuseThreads(text: string): void {
  if (list(text).some((count) => wholeNumber("--threads", count) !== 1)) {
    throw new UserError(
      `--threads ${text}: heaps shared by threads are not built yet; measure with --threads 1`,
    );
  }
}

/** Results are told apart by name. */
function refuseTwins(variants: readonly Variant[]): void {
  const names = variants.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new UserError(`two variants are named "${twin}": rename one of the specs`);
}

function writeReport(file: string, json: string): void {
  try {
    writeFileSync(file, json);
  } catch (error) {
    throw new UserError(`--out ${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
