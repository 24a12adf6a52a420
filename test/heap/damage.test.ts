/**
 * Damage: whatever bytes lie in a heap, who reads it comes to a result or to a HeapCorruptionError,
 * in a bounded number of steps. The reading happens in a worker, so that one that does not end can
 * be told, with the case that it does not end on.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { layOutMetadata } from "../../generator/explain/metadata.ts";
import { urlOf } from "../support/emitted.ts";
import { randomNumbers } from "../support/script.ts";
import { type Variant, variantOf } from "../support/variants.ts";

const MiB = 1 << 20;
/**
 * Reading a heap of this size takes milliseconds. What is found is not shortened: that would wait
 * as long each time.
 */
const WATCHDOG_MS = 10_000;
const SEED = 15;

const names = [
  "single",
  "tiny",
  "tiny-walked",
  "flagged",
  "header",
  "wasm",
  "all-tiers",
  "lru-one",
  "shared",
  "shared-header",
  "shared-wasm",
  "shared-no-lists",
  "hakmem",
] as const;

const fraction = fc.nat(999_999).map((millionths) => millionths / 1e6);
const within = fc.constantFrom("front", "metadata", "heap", "links");
const value = fc.oneof(
  fc.nat(300),
  fc.nat(3 * MiB),
  fc.nat((3 * MiB) >> 4).map((units) => units * 16),
  fc.integer({ min: 0, max: 0xffffffff }),
);
/**
 * A word gets another value, that of another word, another bit, or the address of a free block.
 * Links are most followed.
 */
const damage = fc.oneof(
  { weight: 3, arbitrary: fc.record({ at: fraction, within: fc.constant("links"), block: fraction }) },
  fc.record({ at: fraction, within, block: fraction }),
  fc.record({ at: fraction, within, value }),
  fc.record({ at: fraction, within, copied: fraction }),
  fc.record({ at: fraction, within, flipped: fc.nat(31) }),
);

let worker: Worker | undefined;
afterEach(() => worker?.terminate());

describe.each(names.map(variantOf))("$name", (variant) => {
  test("readers of a damaged heap end", async () => {
    const reader = await startReader(variant);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 8, size: "max" }), async (damages) => {
        for (const outcome of await answerOf(reader, damages)) {
          seen.add(outcome);
          expect(["a result", "HeapCorruptionError"]).toContain(outcome);
        }
      }),
      { numRuns: 150, seed: SEED, endOnFailure: true },
    );
    if (variant.resolved.kernel.heapWalk)
      expect([...seen].sort()).toEqual(["HeapCorruptionError", "a result"]);
  });
});

async function startReader(variant: Variant): Promise<Worker> {
  const random = randomNumbers(SEED);
  const script = Array.from({ length: 900 }, () => ({
    by: random() < 0.6 ? 0 : 1,
    size: Math.floor(2 ** (16 * random())),
    free: Math.floor(random() * 1000),
  }));
  const { kernel } = variant.resolved;
  const memory = { ...kernel.memory, maxPages: (6 * MiB) / variant.pageBytes };
  const { bytesPerHeap } = layOutMetadata({ ...variant.resolved, kernel: { ...kernel, memory } });
  const reader = new Worker(new URL("../support/reader.mjs", import.meta.url), {
    workerData: {
      build: urlOf(String((await variant.files()).get("index.js"))),
      kernel,
      maxBytes: 6 * MiB,
      metadata: bytesPerHeap,
      script,
    },
    execArgv: [],
  });
  worker = reader;
  await once(reader, "message");
  return reader;
}

/** What each reader comes to. */
async function answerOf(reader: Worker, damages: unknown): Promise<string[]> {
  reader.postMessage(damages);
  let watchdog: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    watchdog = setTimeout(() => {
      reject(new Error(`seed ${SEED}: a reader does not end on ${JSON.stringify(damages)}`));
    }, WATCHDOG_MS);
  });
  try {
    const [outcomes] = await Promise.race([once(reader, "message"), late]);
    return outcomes;
  } finally {
    clearTimeout(watchdog);
  }
}
