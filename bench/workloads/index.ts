/** Which workloads there are, and how the command line chooses among them. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UserError } from "../../spec/user-error.ts";
import { readTrace, type Trace } from "../trace.ts";
import { fixedSize } from "./fixed-size.ts";
import { randomMixed } from "./random-mixed.ts";
import { tinyHot } from "./tiny-hot.ts";
import { traceReplay } from "./trace-replay.ts";
import type { Workload } from "./workload.ts";

const TRACES = fileURLToPath(new URL("../traces/", import.meta.url));
const SUFFIX = ".trace.gz";

export function recordedTraces(): Trace[] {
  return traceNames().map((name) => readTrace(`${TRACES}${name}${SUFFIX}`));
}

function traceNames(): string[] {
  return readdirSync(TRACES)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/** Built only when chosen: a trace takes a fifth of a second to read. */
const CATALOGUE: ReadonlyMap<string, () => Workload> = new Map([
  ...traceNames().map(
    (name) => [`W7/${name}`, () => traceReplay(readTrace(`${TRACES}${name}${SUFFIX}`))] as const,
  ),
  ["W3/256", () => randomMixed(256)],
  ["W3/8192", () => randomMixed(8192)],
  ["W5/32x100", () => tinyHot(32, 100)],
  ["W2/16x60", () => fixedSize(16, 60)],
  ["W2/16x64", () => fixedSize(16, 64)],
  ["W2/256x128", () => fixedSize(256, 128)],
  ["W2/1024x128", () => fixedSize(1024, 128)],
]);

export const WORKLOAD_IDS: readonly string[] = [...CATALOGUE.keys()];

/** `W3/256` names one workload, `W3` all of its kind. */
export function chooseWorkloads(names: readonly string[]): Workload[] {
  const ids = names.flatMap((name) => {
    const wanted = name.toLowerCase();
    const found = WORKLOAD_IDS.filter((id) => {
      const lower = id.toLowerCase();
      return lower === wanted || lower.startsWith(`${wanted}/`);
    });
    if (found.length === 0) {
      throw new UserError(`unknown workload "${name}"; known: ${WORKLOAD_IDS.join(", ")}, heaps`);
    }
    return found;
  });
  return [...new Set(ids)].map((id) => (CATALOGUE.get(id) as () => Workload)());
}
