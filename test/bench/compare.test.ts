import { expect, test } from "vitest";
import { compare, compareTogether } from "../../bench/compare.ts";
import { type Contender, heapContender } from "../../bench/contender.ts";
import { parseTrace } from "../../bench/trace.ts";
import { traceReplay } from "../../bench/workloads/trace-replay.ts";
import { createFakeHeap } from "./fake-heap.ts";

const workload = traceReplay(parseTrace("pair", "a 0 100\nf 0"));
const options = { rounds: 3, samples: 2, seconds: 0.001, baseline: "slow" };

/** Takes so many seconds a run, and notes its turns. */
function clockwork(name: string, seconds: number, turns: string[]): Contender {
  return {
    name,
    async open() {
      return {
        async sample({ samples }) {
          turns.push(name);
          return Array.from({ length: samples }, () => seconds);
        },
        close: () => turns.push(`${name} closed`),
      };
    },
  };
}

test("contenders take turns in an order that rotates, and all are closed", async () => {
  const turns: string[] = [];
  const contenders = [clockwork("slow", 2, turns), clockwork("fast", 0.5, turns)];
  const { results } = await compare(workload, contenders, options);
  const warmUp = ["slow", "fast"];
  const rounds = ["slow", "fast", "fast", "slow", "slow", "fast"];
  expect(turns).toEqual([...warmUp, ...rounds, "slow closed", "fast closed"]);
  expect(results.map(({ operationsPerSecond }) => operationsPerSecond.median)).toEqual([1, 4]);
  expect(results.map(({ ratio }) => ratio?.median)).toEqual([1, 4]);
});

test("of several numbers of threads each contender's turn has all, and ratios are formed within it", async () => {
  const turns: string[] = [];
  const works = [1, 2].map((threads) => ({ id: "w", name: "work", operations: threads, threads }));
  // Both are slower in the second round, in which two threads gain more.
  const contender = (name: string): Contender<(typeof works)[number]> => ({
    name,
    async open({ threads }) {
      let seconds = 1;
      return {
        async sample() {
          turns.push(`${name} ${threads}`);
          seconds *= 2;
          return [threads === 1 ? seconds : (2 * seconds) / (seconds < 8 ? 1.25 : 1.75)];
        },
        close() {},
      };
    },
  });
  const [one, two] = await compareTogether(works, [contender("slow"), contender("fast")], {
    ...options,
    rounds: 2,
  });
  expect(turns.slice(4)).toEqual(
    ["slow", "fast", "fast", "slow"].flatMap((name) => [`${name} 1`, `${name} 2`]),
  );
  expect([one, two].map((result) => result?.threads)).toEqual([1, 2]);
  expect(one?.results.map(({ speedUp }) => speedUp)).toEqual(Array(2).fill({ median: 1, best: 1 }));
  expect(two?.results.map(({ speedUp }) => speedUp)).toEqual(Array(2).fill({ median: 1.5, best: 1.25 }));
  expect(
    (await compare(works[0] as (typeof works)[number], [contender("slow")], options)).results[0]?.speedUp,
  ).toBeUndefined();
});

test("who is unfit is absent, with the reason", async () => {
  const contenders = [{ ...clockwork("late", 1, []), unfit: () => "too slow" }, clockwork("slow", 1, [])];
  const { results, absent } = await compare(workload, contenders, options);
  expect(results.map(({ name }) => name)).toEqual(["slow"]);
  expect(absent).toEqual([{ name: "late", reason: "too slow" }]);
});

test("a heap is measured by benny, as many samples as asked for", async () => {
  const open = await heapContender("heap", () => createFakeHeap()).open(workload);
  const samples = await open.sample({ samples: 4, seconds: 0.002 });
  expect(samples).toHaveLength(4);
  for (const sample of samples) expect(sample).toBeGreaterThan(0);
});

test("a heap that is too small is refused, not measured", async () => {
  const small = heapContender("small", () => createFakeHeap({ maxBytes: 64 }));
  const { absent } = await compare(workload, [small, clockwork("slow", 1, [])], options);
  expect(absent).toEqual([{ name: "small", reason: "its heap is too small for trace pair" }]);
});
