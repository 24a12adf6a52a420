/**
 * Stories of failures: found, written down, read back, told, and run on a kernel that does not
 * fail.
 */
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exploreScenario, type Failing } from "../../generator/check/explore-scenario.ts";
import { exploreRandomScripts } from "../../generator/check/random-scripts.ts";
import { replay } from "../../generator/check/replay.ts";
import type { Scenario } from "../../generator/check/scenario.ts";
import { tell } from "../../generator/check/story.ts";
import { readKernel } from "../../generator/kernel-source.ts";
import type { Program } from "../../generator/stages/program.ts";
import { slabsmith } from "../cli/slabsmith.ts";

/** Every block is freed as if it were the thread's own. */
const broken: Program = {
  ...readKernel(),
  modules: readKernel().modules.map((module) =>
    module.path === "kernel/free.ts"
      ? {
          ...module,
          text: module.text.replace("freeForeign(slabOf(ptr), ptr)", "freeToSlab(slabOf(ptr), ptr)"),
        }
      : module,
  ),
};

const scenario: Scenario = {
  name: "a-test",
  shows: "nothing is shown",
  heap: { pages: 2, sizeClasses: [128] },
  before: ["0: a = malloc 128"],
  threads: [["b = malloc 128"], ["free a"]],
};

function failingOf(kernel?: Program, of = scenario): Failing {
  const { failing } = exploreScenario(of, { seconds: 20, kernel });
  expect(failing).toBeDefined();
  return JSON.parse(JSON.stringify(failing));
}

/** The second thread's column, long lines in one. */
const told = (story: string): string =>
  story
    .split("\n")
    .map((line) => line.replace("│", " ").trim())
    .join(" ")
    .replace(/ +/g, " ");

describe("a failure", () => {
  const failing = failingOf(broken);

  test("is replayed from its file", () => {
    expect(failing.message).toContain("data race");
    expect(replay(failing, undefined, broken)).toBe(failing.message);
  });

  test("is told in columns, with the kernel's own lines", () => {
    const { text, message } = tell(failing, 120, broken);
    expect(message).toBe(failing.message);
    expect(text).toContain("before   0: a = malloc 128");
    expect(text).toMatch(/^thread 0 +│ thread 1$/m);
    expect(text).toMatch(/│ ▸ free a$/m);
    const accesses = [...message!.matchAll(/kernel\/(\S+:\d+) \((.+?;|.+?\{)\)/g)];
    expect(accesses).toHaveLength(2);
    for (const [, place, line] of accesses) expect(told(text)).toContain(`${place} ${line}`);
    expect(text).toMatch(/0x[0-9a-f]+ is 0x[0-9a-f]+, plain|0x[0-9a-f]+ = 0x[0-9a-f]+, plain|= 0, plain/);
    for (const line of text.split("\n").filter((each) => each.includes("│"))) {
      expect(line.length).toBeLessThanOrEqual(120);
    }
  });

  test("does not happen on a kernel that is right", () => {
    expect(replay(failing)).toBeUndefined();
    expect(tell(failing).text).toContain("✓ nothing fails any more");
  });
});

test("a schedule with few preemptions is looked for", () => {
  const { schedule } = failingOf(broken);
  const switches = schedule.filter((thread, i) => i > 0 && schedule[i - 1] !== thread).length;
  expect(switches).toBeLessThanOrEqual(1);
});

test("random scripts find it too, and only what is needed is left of them", () => {
  const { failing } = exploreRandomScripts({ seconds: 60, seed: 1, kernel: broken });
  const { before = [], threads } = failing!.scenario;
  const operations = before.length + threads.flat().length;
  expect(failing!.message).toMatch(/data race|blocks are lost/);
  expect(operations).toBeLessThanOrEqual(3);
});

describe("slabsmith check", () => {
  test("lists its scenarios", async () => {
    const { code, out } = await slabsmith(["check", "--list"]);
    expect({ code, first: out.split("\n")[0] }).toEqual({
      code: 0,
      first: expect.stringMatching(/^remote-free-against-drain +blocks that are freed while/),
    });
  });

  test("explores one, and says how far", async () => {
    const { code, out, err } = await slabsmith(["check", "two-adopters", "--json"]);
    expect({ code, err }).toEqual({ code: 0, err: "two-adopters: holds\n" });
    expect(JSON.parse(out)).toMatchObject([{ scenario: "two-adopters", exhausted: true }]);
  });

  test("judges mutants", async () => {
    const { code, out } = await slabsmith([
      "check",
      "idle-against-remote-free",
      "--mutants",
      "--only",
      "B3: stages/pending.ts, visit: && claim",
      "--json",
    ]);
    expect({ code, score: JSON.parse(out) }).toMatchObject({
      code: 0,
      score: { caught: 1, alive: 0, mutants: [{ caughtBy: "idle-against-remote-free" }] },
    });
  });

  test("knows when there is no such mutant", async () => {
    const { code, err } = await slabsmith(["check", "--mutants", "--only", "B11"]);
    expect({ code, err }).toEqual({
      code: 2,
      err: "slabsmith: --only B11: there is no mutant of that name\n",
    });
  });

  test("knows which one was meant", async () => {
    const { code, err } = await slabsmith(["check", "two-adoptors"]);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'slabsmith: there is no scenario "two-adoptors"; is it "two-adopters"?\n',
    });
  });

  test("replays a file: 1 where it fails, 2 where it is none", async () => {
    // The heap has no room for this: a failure of the scenario, whatever the kernel.
    const full = { ...scenario, name: "too-much", threads: [["b = malloc 4096"]] };
    const folder = await mkdtemp(join(tmpdir(), "slabsmith-"));
    const file = join(folder, "failing.json");
    writeFileSync(file, JSON.stringify(failingOf(undefined, full)));
    const failed = await slabsmith(["check", "--replay", file]);
    expect(failed).toMatchObject({ code: 1, err: "slabsmith: too-much fails\n" });
    expect(failed.out).toContain("✗ b = malloc 4096: the heap says that it is full");
    writeFileSync(file, "{}");
    expect(await slabsmith(["check", "--replay", file])).toMatchObject({
      code: 2,
      err: `slabsmith: --replay ${file}: this is no failing schedule\n`,
    });
  });
});
