/** A tuning as people read it on a terminal. */
import colors from "picocolors";
import { table, warningText } from "../../bench/tables.ts";
import type { FrontEntry, TuneResult } from "./result.ts";
import { comparisonText, percent, rangeText, speedWord } from "./words.ts";

export function tuneText(result: TuneResult, file: string): string {
  const { base, choices, dropped, tuned, notes, machine, heldOut, trainingGain, gzipBytes } = result;
  const sections = [
    `${colors.bold(`front, where the search looked: ${result.training.map(({ trace }) => trace).join(", ")}`)}\n${front(result.candidates)}`,
    `${colors.bold(`judged by ${heldOut.map(({ trace }) => trace).join(", ")}`)}\n${perTrace(result)}`,
    choices.length === 0
      ? `no gain: the spec is ${base}`
      : [
          `against ${base}: ${comparisonText(tuned)}; ${gzipBytes.tuned.toLocaleString("en")} bytes gzipped, before ${gzipBytes.default.toLocaleString("en")}`,
          ...choices.map(({ path, label, reason }) => `  ${path}: ${label}\n    ${reason}`),
        ].join("\n"),
    ...(dropped.length === 0
      ? []
      : [
          [
            `no gain there, left at the default (where the search looked the best had footprint ${percent(trainingGain.memory)}, speed ${percent(trainingGain.speed)}):`,
            ...dropped.map(({ path, label, reason }) => `  ${path}: ${label}\n    ${reason}`),
          ].join("\n"),
        ]),
    [
      "footprint: peak committed bytes; speed: with the interval that holds the median in 95 of 100 cases",
      `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`,
      `${file} written`,
    ].join("\n"),
    ...(notes.length === 0 ? [] : [warningText(notes)]),
  ];
  return `${sections.join("\n\n")}\n`;
}

function front(candidates: readonly FrontEntry[]): string {
  const rows = candidates
    .filter(({ isOnFront, isChosen }, index) => index === 0 || isOnFront || isChosen)
    .map((entry) => [
      `${entry.isChosen ? "→ " : "  "}${describeEntry(entry, "\n    ")}`,
      percent(entry.ratios.speed),
      percent(entry.ratios.memory),
      entry.gzipBytes.toLocaleString("en"),
    ]);
  return table(["", "speed", "footprint", "gzip B"], rows);
}

/** Where a candidate differs from the default. */
export function describeEntry({ changes }: FrontEntry, between: string): string {
  const parts = Object.entries(changes).map(([path, label]) => `${path}: ${label}`);
  return parts.length === 0 ? "the default" : parts.join(between);
}

function perTrace({ tuned }: TuneResult): string {
  const rows = tuned.perTrace.map(({ trace, speed, before, now, peakLiveBytes }) => [
    trace,
    speedWord(speed),
    rangeText(speed),
    percent(now / before),
    (before / peakLiveBytes).toFixed(2),
    (now / peakLiveBytes).toFixed(2),
  ]);
  return table(["", "speed", "", "footprint", "committed / requested", "tuned"], rows);
}
