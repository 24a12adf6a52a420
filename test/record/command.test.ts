/** `slabsmith record`: programs that are native, and programs of Node. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parseHistogram } from "../../bench/histogram.ts";
import { readTrace, type Trace } from "../../bench/trace.ts";
import { readTraceFile } from "../../bench/trace-file.ts";
import { type RecordRequest, record } from "../../generator/record/record.ts";
import type { Result } from "../../generator/record/results.ts";
import { UserError } from "../../spec/user-error.ts";
import { slabsmith } from "../cli/slabsmith.ts";

let shared: string;
let folder: string;
const CALLS = () => join(shared, "calls");

/** Undefined: native programs can be recorded. */
function whyNotNative(): string | undefined {
  if (process.platform !== "linux") return `this is ${process.platform}`;
  try {
    execFileSync("cc", ["--version"]);
    return undefined;
  } catch {
    return "there is no C compiler";
  }
}
const reason = whyNotNative();
if (reason !== undefined) console.warn(`native programs are not recorded here: ${reason}`);

beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), "slabsmith-programs-"));
  if (reason === undefined) {
    execFileSync("cc", ["-O1", "-fno-builtin", "-pthread", "-o", CALLS(), "test/record/native/calls.c"]);
  }
  for (const [name, entry] of [
    ["record", "templates/record/index.ts"],
    ["heap", "generated/single/allocator.ts"],
  ] as const) {
    buildSync({ entryPoints: [entry], bundle: true, format: "esm", outfile: join(shared, `${name}.mjs`) });
  }
});
afterAll(() => rmSync(shared, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-recorded-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const quiet = { start() {}, step() {}, stop() {} };

async function recorded(command: readonly [string, ...string[]], options: Partial<RecordRequest> = {}) {
  const request = { histogram: false, native: false, isOutputElsewhere: true, ...options, command };
  const name = request.histogram ? "some.histogram.gz" : "some.trace.gz";
  const { ended, results } = await record({ ...request, out: join(folder, name) }, quiet);
  return { ...ended, traces: results };
}

const traceOf = (result: Result | undefined): Trace => readTrace(String(result?.file));
const textOf = (result: Result | undefined) => gunzipSync(readFileSync(String(result?.file))).toString();

describe.skipIf(reason !== undefined)("a native program", () => {
  test("is recorded call by call; what the C library does besides is there, too", async () => {
    const { code, traces } = await recorded([CALLS()]);
    expect([code, traces.length]).toEqual([7, 1]);
    expect(traces[0]).toMatchObject({ source: "process", threads: 1, notes: [] });
    const lines = textOf(traces[0]).split("\n");
    const named = (text: string) => lines.find((line) => line.includes(text)) ?? `no ${text}`;
    const id = (text: string) => named(text).split(" ")[1];
    const a = id(" 1001");
    const c = id(" 3003");
    expect(lines).toEqual(
      expect.arrayContaining([
        `a ${a} 1001`,
        `r ${a} 2002`,
        `r ${a} 8008`,
        `f ${a}`,
        `z ${id(" 100003")} 1001`,
        `a ${c} 3003`,
        `f ${c}`,
        `m ${id(" 7007")} 7007 1024`,
        `m ${id(" 4004")} 4004 256`,
        `m ${id(" 5056")} 5056 64`,
        `m ${id(" 6006")} 6006 4096`,
      ]),
    );
    // Only `g` is kept.
    const kept = [...traceOf(traces[0]).lines].filter((line) => line === 0).length;
    expect(kept).toBe(1);
  });

  test("threads: no block lives twice, and none is lost", async () => {
    const { traces } = await recorded([CALLS(), "threads"]);
    const trace = traceOf(traces[0]);
    expect(traces).toMatchObject([{ threads: 4, notes: [] }]);
    expect(trace.threads).toBe(4);
    expect(trace.operations).toBeGreaterThan(4 * 40_000);
    expect([...trace.lines].filter((line) => line === 0).length).toBeLessThan(20);
  });

  test("thousands of threads that end at once", async () => {
    const { traces } = await recorded([CALLS(), "brief"]);
    expect(traces).toMatchObject([{ threads: 1001, notes: [] }]);
    expect(textOf(traces[0]).match(/^a \d+ 777$/gm)?.length).toBe(1000);
  });

  test("a forked process has a trace of its own, which begins with what its parent had", async () => {
    const { traces } = await recorded([CALLS(), "fork"]);
    expect(traces.map(({ file }) => basename(file))).toEqual(["some.trace.gz", "some.2.trace.gz"]);
    const [parent, child] = traces.map(textOf) as [string, string];
    expect(traces.map(({ notes }) => notes)).toEqual([[], []]);
    for (const line of [/^a \d+ 1111$/m, /^m \d+ 2222 512$/m]) {
      expect(parent).toMatch(line);
      expect(child).toMatch(line);
    }
    // Of the parent: as the calls were. Of the child: as the blocks are.
    expect(parent).toMatch(/^r \d+ 3333$/m);
    expect(child).toMatch(/^a (\d+) 3333\n[\s\S]*^t 2\n[\s\S]*^f \1$/m);
    expect(
      [parent, child].map((text) => [/ 4444$/m, / 5555$/m, / 6666$/m].map((size) => size.test(text))),
    ).toEqual([
      [true, false, true],
      [false, true, false],
    ]);
  });

  test("a program that becomes another one counts from then on", async () => {
    const { code, traces } = await recorded([CALLS(), "exec"]);
    expect([code, traces.length, traces[0]?.command]).toEqual([7, 1, `${CALLS()} calls`]);
  });

  test("one that is killed loses nothing", async () => {
    const { code, signal, traces } = await recorded([CALLS(), "killed"]);
    expect({ code, signal }).toEqual({ code: 137, signal: "SIGKILL" });
    expect(textOf(traces[0])).toMatch(/^m \d+ 6006 4096$/m);
    expect(traceOf(traces[0]).cutShort).toBeUndefined();
  });

  test("a histogram forgets the order", async () => {
    const { traces } = await recorded([CALLS()], { histogram: true });
    const { rows, calls } = parseHistogram(readTraceFile(join(folder, "some.histogram.gz")));
    expect(calls).toBe(traces[0]?.operations);
    expect(rows.find(({ size }) => size === 100_003)).toMatchObject({ count: 1, kept: 0, mostLive: 1 });
    expect(rows.find(({ size }) => size === 6006)).toMatchObject({ count: 1, kept: 1, lifetimes: [] });
  });

  test("its output is its own, and its processes are told apart", async () => {
    const words = ["record", "-o", "sh.trace", "--", "sh", "-c", `echo said; ${CALLS()}; exit 5`];
    const { code, out, err } = await slabsmith(words, folder);
    expect({ code, out }).toEqual({ code: 5, out: "said\n" });
    expect(err).toMatch(
      /^sh ended with exit code 5\nsh\.trace: [\d,]+ calls, [\d,]+ blocks, 1 thread \(process \d+: sh/m,
    );
    expect(err).toMatch(/^sh\.2\.trace: .*: \S+calls\)$/m);
    expect(readFileSync(join(folder, "sh.2.trace"), "utf8")).toMatch(/^# process \d+: \S+calls$/m);
  });
});

const program = (text: string) => {
  const file = join(folder, "app.mjs");
  writeFileSync(
    file,
    `import { createHeap } from ${JSON.stringify(join(shared, "heap.mjs"))};
     import { recordHeap } from ${JSON.stringify(join(shared, "record.mjs"))};
     ${text}`,
  );
  return file;
};

describe("a program of Node", () => {
  test("records the heaps that it gives to recordHeap", async () => {
    const file = program(`
      const [one, two] = [recordHeap(createHeap()), recordHeap(createHeap())];
      for (let size = 0; size < 50_000; size++) one.free(one.malloc(size));
      two.malloc(3);
      process.exitCode = 4;`);
    const { code, traces } = await recorded(["node", file]);
    expect(code).toBe(4);
    expect(traces).toMatchObject([
      { source: "heap", operations: 100_000, blocks: 50_000, threads: 1, notes: [] },
      { source: "heap", operations: 1, blocks: 1 },
    ]);
    expect(traceOf(traces[0]).operations).toBe(100_000);
  });

  test("one that is killed has what was written until then", async () => {
    const file = program(`
      const heap = recordHeap(createHeap());
      for (let size = 0; size < 50_000; size++) heap.free(heap.malloc(size & 1023));
      process.kill(process.pid, "SIGKILL");`);
    const { code, traces } = await recorded(["node", file]);
    expect(code).toBe(137);
    expect(traces[0]?.notes[0]).toMatch(
      /the recording broke off after line \d+; its \d+ operations are used$/,
    );
    expect(traces[0]?.operations).toBeGreaterThan(60_000);
    expect(traceOf(traces[0]).cutShort).toBeDefined();
  });

  test("a histogram", async () => {
    const file = program("const heap = recordHeap(createHeap()); heap.free(heap.malloc(8)); heap.malloc(9);");
    const { traces } = await recorded(["node", file], { histogram: true });
    expect(traces).toMatchObject([{ operations: 3, blocks: 2, threads: 1 }]);
  });

  test("one that records nothing is told how to", async () => {
    const { code, out, err } = await slabsmith(["record", "--", "node", "-e", "1"], folder);
    expect(err).toBe(
      "node ended with exit code 0, and nothing was recorded: a program of node is recorded where it calls recordHeap(createHeap()), from slabsmith/record, without a sink of its own. --native records what node itself allocates\n",
    );
    expect({ code, out, files: readdirSync(folder) }).toEqual({ code: 1, out: "", files: [] });
  });
});

describe("the command", () => {
  test("--json is one document; the program's output goes elsewhere", async () => {
    const file = program(
      "console.log('said'); recordHeap(createHeap()).malloc(8); process.kill(process.pid);",
    );
    const { code, out, err } = await slabsmith(["record", "--json", "--", "node", file], folder);
    expect(JSON.parse(out)).toMatchObject({ code: 143, signal: "SIGTERM", traces: [] });
    expect(err).toMatch(/^said$/m);
    expect(err).toMatch(/^node was ended by SIGTERM, and nothing was recorded: /m);
    expect(code).toBe(143);
  });

  test("the command line must name a program", async () => {
    const { code, err } = await slabsmith(["record"], folder);
    expect(err).toContain("missing required argument 'command'");
    expect(code).toBe(2);
  });
});

const MISTAKES: readonly (readonly [cc: string, out: string, program: string, message: string])[] = [
  ["cc", "a.trace", "nosuchprogram", "nosuchprogram: there is no such program"],
  ["cc", "nowhere/a.trace", "ls", "nowhere/a.trace: cannot be written (ENOENT)"],
  ...(process.platform === "linux"
    ? ([
        ["nosuchcc", "a.trace", "ls", 'there is no C compiler "nosuchcc": install one (Debian: apt-get'],
        ["false", "a.trace", "ls", 'does not compile with "false"'],
      ] as const)
    : ([["cc", "a.trace", "ls", "native programs can be recorded on Linux only"]] as const)),
];

test.each(MISTAKES)("CC=%s record -o %s -- %s: nothing is run or written", async (cc, out, name, message) => {
  vi.stubEnv("CC", cc);
  const request = { command: [name], out: join(folder, out), histogram: false, native: false } as const;
  const recording = record({ ...request, isOutputElsewhere: true }, quiet);
  await expect(recording).rejects.toThrow(message);
  await expect(recording).rejects.toBeInstanceOf(UserError);
  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
});
