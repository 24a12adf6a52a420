/** `init`: every set of answers comes to a spec that resolves, with a reason beside each choice. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FORMATS, firstSpec, GOALS } from "../../generator/init/first-spec.ts";
import { answersOf } from "../../generator/init/trace-answers.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { slabsmith } from "./slabsmith.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([1, 4])("threads: %i", (threads) => {
  test.each(GOALS.flatMap((goal) => FORMATS.map((format) => ({ goal, format }))))(
    "for $goal, as $format",
    async ({ goal, format }) => {
      for (const sizes of [[], [24, 200, 100_000]]) {
        const file = join(folder, `mine.heap.${format}`);
        const answers = { name: "mine", threads, memory: "32 MiB", sizes, goal };
        const text = firstSpec(answers, format, "./schema.json");
        writeFileSync(file, text);
        const { name, kernel, spec } = await loadSpec(file);
        expect([name, kernel.threads, spec.memory.maxBytes]).toEqual(["mine", threads, 32 << 20]);
        if (sizes.length > 0) expect(kernel.classBytes).toEqual(expect.arrayContaining([32, 208]));
        const choices = text.split("\n").filter((line) => /^ {2}"?\w+"?: /.test(line));
        const reasons = text.split("\n").filter((line) => line.startsWith("  // "));
        expect(choices.length).toBe(reasons.length);
      }
    },
  );
});

test("a trace tells memory and sizes", () => {
  const file = join(folder, "small.trace");
  const lines = Array.from({ length: 90 }, (_, id) => `a ${id} ${id % 2 === 0 ? 24 : 48}`);
  writeFileSync(file, [...lines, "a 90 8000000", "f 90", "r 0 9000000"].join("\n"));
  expect(answersOf(file)).toEqual({ memory: "64 MiB", sizes: "24,48" });
});

describe("the command", () => {
  test("writes the spec, says what to type next, and does not overwrite", async () => {
    const options = ["init", "heaps", "--name", "particles", "--sizes", "24", "--memory", "8MiB"];
    const first = await slabsmith(options, folder);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toContain("  npx slabsmith generate heaps/particles.heap.ts\n");
    expect(readFileSync(join(folder, "heaps/particles.heap.ts"), "utf8")).toContain('maxBytes: "8 MiB"');
    const again = await slabsmith(options, folder);
    expect(again.err).toBe(
      "slabsmith: heaps/particles.heap.ts: it is there already; --force overwrites it\n",
    );
    expect(again.code).toBe(2);
  });

  test.each([
    [["--for", "spede"], "--for spede: did you mean speed? use speed, footprint, size"],
    [["--memory", "8 MB"], '--memory 8 MB: write sizes as "64 KiB", "1.5 MiB" or "1 GiB"'],
    [["--memory", "4 KiB"], "spec heap cannot be built:\n  memory.maxBytes: "],
    [["--name", "My Heap"], "--name My Heap: use a name of a-z, 0-9 and -"],
    [["--threads", "no"], "--threads no: give a whole number from 1 on"],
  ])("%j is refused, and nothing is written", async (options, message) => {
    const { code, err } = await slabsmith(["init", ...options], folder);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(join(folder, "heap.heap.ts"))).toBe(false);
  });
});
