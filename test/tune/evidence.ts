/**
 * The recorded traces, each tuned on its first part and judged by its last one: what
 * docs/tuning.md shows. First the footprints of optimal size classes, which are the same on every
 * machine; `--footprints` stops there. Measurements are kept in `tune-evidence/`, so a run that
 * was interrupted goes on.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { geometricMean } from "simple-statistics";
import { buildOf } from "../../bench/build.ts";
import { measure } from "../../bench/measuring-process.ts";
import { createProgress } from "../../bench/progress.ts";
import { recordedTrace, TRACE_NAMES } from "../../bench/workloads/recorded.ts";
import { liveSizes } from "../../generator/tune/classes/live-sizes.ts";
import { classesFor } from "../../generator/tune/classes/optimal.ts";
import { ClassPrices } from "../../generator/tune/classes/price.ts";
import { readObjective } from "../../generator/tune/objective.ts";
import { splitTrace } from "../../generator/tune/parts.ts";
import type { TuneResult } from "../../generator/tune/result.ts";
import { simulate } from "../../generator/tune/simulator/footprint.ts";
import { tune } from "../../generator/tune/tune.ts";
import { verify } from "../../generator/tune/verify.ts";
import { percent, rangeText, speedWord } from "../../generator/tune/words.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import { largestSlab } from "../../spec/slab-spans.ts";

const { values } = parseArgs({
  options: {
    for: { type: "string", default: "balanced" },
    minutes: { type: "string", default: "5" },
    out: { type: "string", default: "tune-evidence" },
    footprints: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  mkdirSync(values.out, { recursive: true });
  const base = await loadSpec("single");
  process.stdout.write(`${footprints(base)}\n`);
  if (values.footprints) return;
  const results: TuneResult[] = [];
  for (const name of TRACE_NAMES) {
    const { training, heldOut } = splitTrace(recordedTrace(name));
    const result = await tune(
      {
        base,
        baseName: "single",
        training: [training],
        heldOut: [heldOut],
        objective: values.for,
        weights: readObjective(values.for),
        limits: {},
        budgetMs: Number(values.minutes) * 60_000,
        seed: 1,
        measured: join(values.out, `${name}.measured.jsonl`),
        fresh: false,
        isJson: false,
      },
      { build: buildOf, verify, measure, progress: createProgress(), now: () => performance.now() },
    );
    writeFileSync(join(values.out, `${name}.heap.ts`), result.spec);
    writeFileSync(join(values.out, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
    results.push(result);
  }
  const text = table(results);
  writeFileSync(join(values.out, "table.md"), text);
  process.stdout.write(text);
}

/** Classes from the first part of each trace, and what the last part commits with them. */
function footprints(base: ResolvedSpec): string {
  const largest = largestSlab(base.spec.geometry);
  const ends = [0, 4096, 32768];
  const changes: number[][] = ends.map(() => []);
  const rows = TRACE_NAMES.map((name) => {
    const { training, heldOut } = splitTrace(recordedTrace(name));
    const before = simulate(heldOut.trace, base)?.committedPerLive ?? Number.NaN;
    const cells = ends.flatMap((lastFrom, at) => {
      const limits = { largest, lastFrom, classes: 255 };
      const { classes } = classesFor([liveSizes(training.trace)], new ClassPrices(base), limits);
      const tuned = resolveSpec({ ...base.spec, sizeClasses: [...classes] });
      const now = simulate(heldOut.trace, tuned)?.committedPerLive ?? Number.NaN;
      changes[at]!.push(now / before);
      return [String(classes.length), `${now.toFixed(2)} (${percent(now / before)})`];
    });
    return [heldOut.trace.name, before.toFixed(2), ...cells];
  });
  const means = changes.flatMap((ratios) => ["", percent(geometricMean(ratios))]);
  return markdown([
    ["held out", "`single`", "classes", "any last", "classes", "last ≥ 4 KiB", "classes", "last 32 KiB"],
    ["---", ...Array(7).fill("---:")],
    ...rows,
    ["geometric mean", "", ...means],
  ]);
}

const markdown = (lines: readonly (readonly string[])[]): string =>
  `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;

function table(results: readonly TuneResult[]): string {
  const rows = results.flatMap(({ tuned, choices }) =>
    tuned.perTrace.map(({ trace, speed, now, before }) => [
      trace,
      percent(now / before),
      `${speedWord(speed)} (${rangeText(speed)})`,
      choices.map(({ path }) => path).join(", ") || "none",
    ]),
  );
  const mean = (of: (result: TuneResult) => number) => percent(geometricMean(results.map(of)));
  const lines = [
    ["held out", "footprint", "speed", "choices"],
    ["---", "---:", "---:", "---"],
    ...rows,
    ["geometric mean", mean(({ tuned }) => tuned.memory), mean(({ tuned }) => tuned.speed.median), ""],
  ];
  return markdown(lines);
}

await main();
