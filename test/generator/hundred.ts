/**
 * Generates a hundred different variants in one process; prints how long that takes, and each
 * stage's part.
 */
import { pathToFileURL } from "node:url";
import { generateEach, generateVariant } from "../../generator/pipeline.ts";
import single from "../../spec/presets/single.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";

const TIERS: readonly Spec["tiers"][] = [
  { tlsSll: false },
  { tlsSll: { upTo: 0 } },
  { tlsSll: {} },
  { tlsSll: { cap: 64 } },
  { tlsSll: { upTo: 1024, drainEvery: 2048 } },
];

const CLASSES: readonly Spec["sizeClasses"][] = [
  { stepsPerDoubling: 8 },
  { stepsPerDoubling: 4 },
  { stepsPerDoubling: 2, last: 8192 },
  [32, 64, 128, 1024],
];

const OTHERS: readonly Spec[] = [
  {},
  { form: "class" },
  { header: true, zero: { knowledge: false } },
  { memory: { kind: "WebAssembly.Memory" }, observe: { osStatistics: false } },
  { pool: { stage05: false }, lru: { entries: 0 }, observe: { heapWalk: false } },
];

/** 5 tiers × 4 class tables × 5 others: a hundred specs. */
export const HUNDRED: readonly Spec[] = TIERS.flatMap((tiers) =>
  CLASSES.flatMap((sizeClasses) => OTHERS.map((other) => ({ ...single, ...other, tiers, sizeClasses }))),
);

async function measure(): Promise<void> {
  const start = performance.now();
  const spent = new Map<string, number>();
  const specs = HUNDRED.map((spec, index) => resolveSpec({ ...spec, name: `variant-${index}` }));
  await generateEach(specs, async (spec) => {
    const { stages } = await generateVariant(spec);
    for (const { name, milliseconds } of stages) spent.set(name, (spent.get(name) ?? 0) + milliseconds);
  });
  // It is done by another process, while the next variant is made.
  spent.delete("bundle");
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage();
  const processor = ((user + system) / 1e6).toFixed(1);
  console.log(`${HUNDRED.length} variants in ${seconds.toFixed(1)} s, ${processor} s of processor time`);
  console.log("milliseconds per variant and stage:");
  for (const [name, milliseconds] of spent) {
    console.log(`${name.padEnd(10)}${(milliseconds / HUNDRED.length).toFixed(1).padStart(7)}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await measure();
