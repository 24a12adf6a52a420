/** Real workers on one heap: what each finds is whole, and at the end everything is home. */
import { describe, expect, test } from "vitest";
import { type Variant, variants } from "../support/variants.ts";
import { mostWhenUnused, Team } from "./team.ts";

const MiB = 1 << 20;
const shared = variants.filter(({ resolved }) => resolved.lowering === "shared");

/** Operations of all threads together, per variant; `npm run evidence:stress` asks for more. */
const OPERATIONS = Number(process.env.STRESS_OPERATIONS ?? 4_000_000);
const threadsOf = ({ resolved }: Variant) => Math.min(4, resolved.kernel.threads - 1);

describe.each(shared)("$name", (variant) => {
  test("blocks pass between workers, and all of them come home", async () => {
    const team = await Team.of(variant);
    const fresh = team.heap.stats().committedBytes;
    const threads = threadsOf(variant);
    await team.run(threads, OPERATIONS / threads);
    team.heap.check();
    expect(team.heap.stats().liveBlocks).toBe(team.live);
    team.freeAll();
    team.heap.detach();
    team.heap.check();
    const { liveBlocks, committedBytes } = team.heap.stats();
    expect(liveBlocks).toBe(0);
    expect(committedBytes).toBeLessThanOrEqual(mostWhenUnused(variant, fresh));
  });

  test("a full heap answers 0 to all, and recovers", async () => {
    const team = await Team.of(variant, 6 * MiB);
    const threads = threadsOf(variant);
    let all = 0;
    for (let ptr = team.heap.malloc(256); ptr !== 0; ptr = team.heap.malloc(256)) {
      team.heap.u32[ptr >>> 2] = all;
      all = ptr;
    }
    expect(await team.run(threads, 2000)).toBe(threads * 1000);
    for (let ptr = all; ptr !== 0; ) {
      const following = team.heap.u32[ptr >>> 2];
      team.heap.free(ptr);
      ptr = following;
    }
    team.heap.detach();
    await team.run(threads, 20_000);
    team.heap.check();
    expect(team.heap.stats().liveBlocks).toBe(team.live);
  });
});

/** B1 showed in this matrix: caps by lists by threads. `cap: 0` is a heap without the tier. */
const seeds = ["shared", "shared-lists", "shared-no-lists"] as const;
test.each(seeds.flatMap((name) => [1, 2].map((threads) => [name, threads] as const)))(
  "%s with %i workers",
  async (name, threads) => {
    const variant = shared.find((each) => each.name === name) as Variant;
    if (threads >= variant.resolved.kernel.threads) threads = variant.resolved.kernel.threads - 1;
    const team = await Team.of(variant, 64 * MiB);
    await team.run(threads, 100_000);
    team.heap.check();
    expect(team.heap.stats().liveBlocks).toBe(team.live);
  },
);
