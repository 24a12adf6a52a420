/** The search, with a machine that is as fast as the test says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Plan } from "../../bench/bench.ts";
import type { Progress } from "../../bench/progress.ts";
import type { BenchReport } from "../../bench/report.ts";
import { parseTrace, readTrace } from "../../bench/trace.ts";
import { xorshift32 } from "../../bench/workloads/random.ts";
import type { Tools } from "../../generator/tune/measuring.ts";
import { readObjective } from "../../generator/tune/objective.ts";
import { splitTrace } from "../../generator/tune/parts.ts";
import { type Request, tune } from "../../generator/tune/tune.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";

const folder = mkdtempSync(join(tmpdir(), "slabsmith-tune-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Blocks of a few sizes that come and go, some of them large. */
const trace = parseTrace("program", program(1));
const base = resolveSpec({ extends: "single", name: "base" });

function program(seed: number): string {
  const random = xorshift32(seed);
  const live: number[] = [];
  const lines: string[] = [];
  const sizes = [33, 260, 577, 1030, 2050, 5000];
  for (let id = 0; id < 2500; id++) {
    lines.push(`a ${id} ${sizes[random() % sizes.length]}`);
    live.push(id);
    if (live.length > 1000) lines.push(`f ${live.splice(random() % live.length, 1)[0]}`);
  }
  return lines.join("\n");
}

/** A machine on which builds are as fast and as large as they are said to be. */
function machine(speed: (spec: ResolvedSpec, trace: string) => number, gzip = (_: ResolvedSpec) => 9000) {
  const specs = new Map<string, ResolvedSpec>();
  let measured = 0;
  const progress: Progress = { start() {}, step() {}, stop() {} };
  const tools: Tools = {
    async build(spec) {
      specs.set(spec.hash, spec);
      return { name: spec.name, alignment: 16, code: "", bytes: { raw: 0, min: 0, gzip: gzip(spec) } };
    },
    async verify() {},
    async measure({ builds, traces, settings }: Plan) {
      const workloads = traces.map((file) => {
        const { name, operations } = readTrace(file);
        const results = builds.map((build) => {
          measured++;
          const rate = 1e8 * speed(specs.get(build.name) as ResolvedSpec, name);
          return { name: build.name, rounds: Array.from({ length: settings.rounds }, () => rate) };
        });
        return { id: `W7/${name}`, name, operations, results, absent: [] };
      });
      return { workloads } as unknown as BenchReport;
    },
    progress,
    now: () => 0,
  };
  return { tools, measured: () => measured };
}

function request(changes: Partial<Request> = {}): Request {
  const { training, heldOut } = splitTrace(trace);
  return {
    base,
    baseName: "single",
    training: [training],
    heldOut: [heldOut],
    objective: "speed",
    weights: readObjective("speed"),
    limits: {},
    budgetMs: 200_000,
    seed: 1,
    fresh: false,
    isJson: false,
    ...changes,
  };
}

const isSticky = ({ spec }: ResolvedSpec) => spec.refill.sticky;

test("a choice that makes programs faster is found, and one that does nothing stays at its default", async () => {
  const { tools } = machine((spec) => (isSticky(spec) ? 1.2 : 1));
  const result = await tune(request({ weights: readObjective("speed=1") }), tools);
  expect(result.verdict).toBe("gain");
  expect(result.choices.map(({ path }) => path)).toEqual(["refill.sticky"]);
  expect(result.tuned.speed).toEqual({
    median: expect.closeTo(1.2),
    low: expect.closeTo(1.2),
    high: expect.closeTo(1.2),
  });
  expect(result.spec).toContain("// footprint");
  expect(result.spec).toContain("speed +20 % (+20 % to +20 %)");
});

test("size classes for the traces need less memory, and the file says how much", async () => {
  const { tools } = machine(() => 1);
  const result = await tune(request({ weights: readObjective("memory"), objective: "memory" }), tools);
  const [classes] = result.choices.filter(({ path }) => path === "sizeClasses");
  expect(classes?.value).toEqual(expect.arrayContaining([592, 1040]));
  expect(result.tuned.memory).toBeLessThan(0.97);
  const file = join(folder, "memory.heap.ts");
  writeFileSync(file, result.spec);
  const { spec } = await loadSpec(file);
  expect(spec.sizeClasses).toEqual(classes?.value);
});

test("a gain on the training part alone is none: the default stays", async () => {
  const { tools } = machine((spec, name) => (isSticky(spec) && name === "program-first" ? 1.2 : 1));
  const result = await tune(request({ weights: readObjective("speed=1") }), tools);
  expect(result.trainingGain.speed).toBeCloseTo(1.2);
  expect(result.verdict).toBe("no gain");
  expect(result.choices).toEqual([]);
  expect(result.dropped.map(({ path }) => path)).toContain("refill.sticky");
  expect(result.notes.join()).toContain("no gain on held-out traces");
  expect(result.spec).not.toMatch(/^ {2}refill/m);
});

test("a limit on code bytes keeps larger builds out", async () => {
  const isSmall = (spec: ResolvedSpec) => !spec.spec.zero.knowledge;
  const { tools } = machine(
    (spec) => (isSticky(spec) ? 1.2 : 1),
    (spec) => (isSticky(spec) ? 9500 : isSmall(spec) ? 8000 : 9000),
  );
  const { tuned, gzipBytes } = await tune(request({ limits: { maxGzip: 9000 } }), tools);
  expect(gzipBytes.tuned).toBeLessThanOrEqual(9000);
  expect(tuned.speed.median).toBeLessThan(1.1);
});

test("what was measured is kept: the same command measures nothing again, and comes to the same spec", async () => {
  const measured = join(folder, "kept.jsonl");
  const budgetMs = 100_000;
  const speed = (spec: ResolvedSpec) => (isSticky(spec) ? 1.1 : 1);
  const first = machine(speed);
  const before = await tune(request({ measured, budgetMs }), first.tools);
  expect(first.measured()).toBeGreaterThan(20);
  const again = machine(speed);
  expect((await tune(request({ measured, budgetMs }), again.tools)).spec).toBe(before.spec);
  expect(again.measured()).toBe(0);

  // Interrupted in the middle of a line.
  const lines = readFileSync(measured, "utf8");
  writeFileSync(measured, lines.slice(0, lines.length - 40));
  const third = machine(speed);
  expect((await tune(request({ measured, budgetMs }), third.tools)).spec).toBe(before.spec);
  expect(third.measured()).toBeGreaterThan(0);
  expect(third.measured()).toBeLessThan(first.measured() / 2);
  for (const line of readFileSync(measured, "utf8").trim().split("\n")) JSON.parse(line);
});

test("another seed tries other candidates", async () => {
  const tried = async (seed: number) => {
    const { tools } = machine(() => 1);
    return JSON.stringify(
      (await tune(request({ seed, budgetMs: 48_000 }), tools)).candidates.map(({ changes }) => changes),
    );
  };
  expect(await tried(1)).toBe(await tried(1));
  expect(await tried(2)).not.toBe(await tried(1));
});

test("a search that runs out of time says so", async () => {
  const { tools } = machine(() => 1);
  let time = 0;
  const { notes } = await tune(request(), { ...tools, now: () => (time += 60_000) });
  expect(notes.join()).toMatch(/the budget was used up before \d+ candidates/);
});

test("the held-out part begins with the blocks that are live at the cut", () => {
  const lines = Array.from({ length: 600 }, (_, i) => `a ${i} ${i + 1}`);
  const frees = Array.from({ length: 500 }, (_, i) => `f ${i}`);
  const { training, heldOut } = splitTrace(parseTrace("p", [...lines, ...frees].join("\n")));
  // The first 660 of 1,100: all allocations and 60 frees. The file lacks frees: they do not count.
  expect(training.trace.peakLiveBlocks).toBe(600);
  expect(heldOut.trace.peakLiveBlocks).toBe(540);
  expect(heldOut.text.split("\n")[0]).toBe("a 0 61");
});

test("a base that the simulator does not know is refused by name", async () => {
  const { tools } = machine(() => 1);
  const shared = resolveSpec({ extends: "shared" });
  await expect(tune(request({ base: shared, baseName: "shared" }), tools)).rejects.toThrow(
    "--base shared: the simulator does not know several threads",
  );
});
