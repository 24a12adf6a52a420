/** Ship: a build becomes a package, after it has passed every gate. Nothing is written before. */
import { existsSync, readdirSync } from "node:fs";
import type { Progress } from "../../bench/progress.ts";
import { heapModule } from "../../bench/variant.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { fileError, UserError } from "../../spec/user-error.ts";
import { generateVariant, javaScriptOf } from "../pipeline.ts";
import { differences, writeFolder } from "../write-variant.ts";
import { type Changes, changesSince, nextVersion, STEPS, stepBetween } from "./changes.ts";
import { compareSpeed, type SpeedVerdict } from "./compare-speed.ts";
import type { Figures } from "./figures.ts";
import { type Candidate, type Evidence, type Gate, GateClosed, roomyHeap } from "./gate.ts";
import { budgets } from "./gates/budgets.ts";
import { differential } from "./gates/differential.ts";
import { interleavings } from "./gates/interleavings.ts";
import { misuse } from "./gates/misuse.ts";
import { traces } from "./gates/traces.ts";
import { workers } from "./gates/workers.ts";
import { layoutOf, packageFiles, packageName } from "./package-files.ts";
import type { Shipped } from "./shipped.ts";

export interface ShipOptions {
  readonly out: string;
  readonly dryRun?: boolean;
  readonly earlier?: Shipped;
  readonly figures?: Figures;
  readonly progress: Progress;
}

export interface ShipResult {
  readonly package: string;
  readonly version: string;
  /** Absent after a dry run. */
  readonly folder?: string;
  readonly bytes: Candidate["variant"]["manifest"]["bytes"];
  readonly files: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly changes?: Changes;
  readonly speed?: SpeedVerdict;
}

export async function ship(resolved: ResolvedSpec, options: ShipOptions): Promise<ShipResult> {
  refuseWorkshopBuilds(resolved);
  refuseForeignFolder(options.out);
  const candidate = await candidateOf(resolved);
  const { earlier, progress } = options;
  const gates = [budgets, misuse, traces, differential];
  if (resolved.kernel.manyThreads) gates.push(workers, interleavings);
  const evidence = await passAll(gates, candidate, progress);

  const { changes, version } = versionOf(candidate, earlier);
  const speed = earlier && (await compareSpeed(candidate, earlier, progress));
  if (earlier && speed) {
    if (speed.verdict === "slower") {
      throw new GateClosed(
        `speed: ${speed.ratio.toFixed(2)} of ${earlier.manifest.version}'s, and slower in three quarters of the rounds; ship.minSpeedRatio allows less`,
      );
    }
    evidence.push({
      gate: "speed",
      shown: `not slower than ${earlier.manifest.version}, beyond what noise explains`,
    });
  }

  const files = await packageFiles(candidate, { version, evidence, figures: options.figures });
  if (!options.dryRun) write(files, options.out);
  return {
    package: packageName(candidate),
    version,
    ...(!options.dryRun && { folder: options.out }),
    bytes: candidate.variant.manifest.bytes,
    files: [...files.keys()].sort(),
    evidence,
    ...(changes && { changes }),
    ...(speed && { speed }),
  };
}

async function candidateOf(resolved: ResolvedSpec): Promise<Candidate> {
  const variant = await generateVariant(resolved);
  const minified = String(variant.files.get("index.min.js"));
  return {
    resolved,
    variant,
    code: javaScriptOf(variant),
    minified,
    createHeap: async (peakLiveBytes) => roomyHeap(await heapModule(minified), resolved, peakLiveBytes),
  };
}

async function passAll(
  gates: readonly Gate[],
  candidate: Candidate,
  progress: Progress,
): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  progress.start("gate", gates.length);
  try {
    for (const { name, pass } of gates) {
      progress.step(name);
      try {
        evidence.push({ gate: name, shown: await pass(candidate) });
      } catch (error) {
        if (error instanceof GateClosed) throw new GateClosed(`${name}: ${error.message}`);
        throw error;
      }
    }
  } finally {
    progress.stop();
  }
  return evidence;
}

/**
 * The version that the spec names, if it is far enough from the earlier package's; otherwise the
 * next one.
 */
function versionOf(
  { resolved, variant }: Candidate,
  earlier: Shipped | undefined,
): { version: string; changes?: Changes } {
  const wanted = resolved.ship?.version;
  if (earlier === undefined) return { version: wanted ?? "1.0.0" };
  const { bytes } = variant.manifest;
  const declarations = String(variant.files.get("index.d.ts"));
  const changes = changesSince(earlier, { layout: layoutOf(resolved), bytes }, declarations);
  const version = wanted ?? nextVersion(changes);
  const step = stepBetween(changes.since, version);
  if (step === undefined || STEPS.indexOf(step) < STEPS.indexOf(changes.step)) {
    throw new GateClosed(
      `version: what changed since ${changes.since} is a ${changes.step} step, and ship.version is ${version}; use ${nextVersion(changes)}`,
    );
  }
  return { version, changes };
}

/** Guards and flags are for finding bugs. */
function refuseWorkshopBuilds({ name, lowering }: ResolvedSpec): void {
  if (lowering !== "flagged") return;
  throw new UserError(`spec ${name} reads its choices at run time: ship one with \`specialise: true\``);
}

/** What a package replaces must be a package, too. */
function refuseForeignFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const found = readdirSync(folder);
  if (found.length === 0 || found.includes("manifest.json")) return;
  throw fileError(folder, "it holds something that slabsmith did not ship; name another folder with --out");
}

function write(files: ReadonlyMap<string, string>, folder: string): void {
  if (differences(files, folder).length === 0) return;
  try {
    writeFolder(folder, files);
  } catch (error) {
    throw new UserError(
      `--out ${folder}: cannot be written to (${(error as NodeJS.ErrnoException).code}); name another folder`,
    );
  }
}
