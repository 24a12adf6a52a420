/** What `slabsmith tune` does. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, relative, resolve } from "node:path";
import { buildOf } from "../../../bench/build.ts";
import { measure } from "../../../bench/measuring-process.ts";
import { createProgress } from "../../../bench/progress.ts";
import { readTrace } from "../../../bench/trace.ts";
import { loadSpec } from "../../../spec/load-spec.ts";
import { isPresetName } from "../../../spec/preset-names.ts";
import { SPEC_FILE_EXTENSIONS } from "../../../spec/spec-file.ts";
import { fileError, UserError } from "../../../spec/user-error.ts";
import { pageHtml } from "../../report/page.ts";
import { tunePage } from "../../report/tune-page.ts";
import { readObjective } from "../../tune/objective.ts";
import { type Part, splitTrace, wholeTrace } from "../../tune/parts.ts";
import { tuneText } from "../../tune/print.ts";
import { tune } from "../../tune/tune.ts";
import { verify } from "../../tune/verify.ts";
import { commandLine, wholeNumber, writeResult } from "../arguments.ts";
import type { TuneFlags } from "../tune.ts";

/** By it a file is told from one that a person wrote. */
const MARK = "Tuned by slabsmith";

export async function tuneCommand(files: readonly string[], flags: TuneFlags): Promise<void> {
  const weights = readObjective(flags.for);
  const limits = {
    ...(flags.maxWaste !== undefined && { maxWaste: ratio("--max-waste", flags.maxWaste) }),
    ...(flags.maxGzip !== undefined && { maxGzip: wholeNumber("--max-gzip", flags.maxGzip) }),
  };
  const budgetMs = milliseconds(flags.budget);
  const seed = wholeNumber("--seed", flags.seed);
  refuseFile(flags);
  const { training, heldOut } = partsOf(files, flags.heldOut);
  const base = await loadSpec(flags.base);

  const result = await tune(
    {
      base,
      baseName: baseFrom(flags.base, flags.out),
      training,
      heldOut,
      objective: flags.for,
      weights,
      limits,
      budgetMs,
      seed,
      measured: `${flags.out}.measured.jsonl`,
      fresh: flags.fresh ?? false,
      isJson: extname(flags.out).startsWith(".json"),
    },
    { build: buildOf, verify, measure, progress: createProgress(), now: () => performance.now() },
  );
  writeResult(flags.out, result.spec);
  if (flags.report !== undefined) {
    writeResult(flags.report, await pageHtml(tunePage(result, commandLine())), "--report");
  }
  process.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : tuneText(result, flags.out));
}

function partsOf(
  files: readonly string[],
  heldOutFiles: readonly string[] | undefined,
): { training: Part[]; heldOut: Part[] } {
  const traces = files.map(readTrace);
  const others = heldOutFiles?.map(readTrace);
  const names = [...traces, ...(others ?? [])].map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) {
    throw new UserError(`two traces are named "${twin}": a trace that is held out must be another one`);
  }
  if (others !== undefined) return { training: traces.map(wholeTrace), heldOut: others.map(wholeTrace) };
  const parts = traces.map(splitTrace);
  return { training: parts.map(({ training }) => training), heldOut: parts.map(({ heldOut }) => heldOut) };
}

/** Before anything takes time. */
function refuseFile({ out, force }: TuneFlags): void {
  const extensions: readonly string[] = SPEC_FILE_EXTENSIONS;
  if (!extensions.includes(extname(out))) {
    throw new UserError(`--out ${out}: a spec file ends with ${extensions.join(", ")}`);
  }
  if (!existsSync(dirname(resolve(out)))) throw new UserError(`--out ${out}: there is no such folder`);
  if (force || !existsSync(out) || readFileSync(out, "utf8").includes(MARK)) return;
  throw fileError(out, "it is there already, and tune did not write it; --force overwrites it");
}

/** The base as a file names it that lies where the result is written. */
function baseFrom(base: string, out: string): string {
  if (isPresetName(base)) return base;
  const path = relative(dirname(resolve(out)), resolve(base));
  return path.startsWith(".") ? path : `./${path}`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text) ?? [];
  if (unit === undefined || Number(amount) === 0) {
    throw new UserError(`--budget ${text}: give a time such as 90s, 5m or 1h`);
  }
  return Number(amount) * (UNITS[unit] as number);
}

function ratio(option: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) < 1) {
    throw new UserError(`${option} ${text}: give a ratio from 1 on, such as 1.15`);
  }
  return Number(text);
}
