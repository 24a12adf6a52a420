/** Examples that are programs: each runs as a user runs it, and says what its text promises. */
import { expect, test } from "vitest";
import { linesOf } from "./program.ts";

const programs: readonly (readonly [name: string, output: readonly string[]])[] = [
  // The bodies of 50 frames are alive, 100 each, and the memory of all others serves them.
  [
    "entity-store",
    ["bodies 5000, blocks 5000, sum of x 311250", "less than 300 KiB for 20,000 bodies: true"],
  ],
  [
    "worker-pool",
    ["answers 200, the last: JOB 99 OF WORKER 1", "blocks left at most one: the terminated worker's"],
  ],
  ["wasm-memory", ["sum 250000, first address at least 65536: true", "the memory has grown: true"]],
  [
    "recorded-heap",
    ["2500 calls, 1000 blocks", "a 0 8, a 1 9, a 2 10", "500 blocks of 100 bytes lived 750 calls each"],
  ],
  [
    "saved-heap",
    [
      "notes 1001, the latest: one more",
      "notes after going back 1000",
      "the delta is smaller than the image: true",
    ],
  ],
];

test.each(programs)("examples/%s.ts runs", async (name, output) => {
  expect(await linesOf(name)).toEqual(output);
});
