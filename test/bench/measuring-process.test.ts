import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { measure } from "../../bench/measuring-process.ts";
import type { Progress } from "../../bench/progress.ts";

const START = fileURLToPath(new URL("../../generator/slabsmith.mjs", import.meta.url));

/** Where the processes under test put their temporary files. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-"));
  vi.stubEnv("TMPDIR", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Others keep caches there. */
const leftovers = () => readdirSync(folder).filter((name) => name.startsWith("slabsmith-"));

const silent: Progress = { start() {}, step() {}, stop() {} };

/** Measures a build whose `createHeap` does this. */
const measureBuild = (body: string, progress = silent) =>
  measure(
    {
      builds: [
        {
          name: "odd",
          alignment: 16,
          bytes: { raw: 1, min: 1, gzip: 1 },
          code: `export function createHeap() { ${body} }`,
        },
      ],
      peers: [],
      workloads: ["W5"],
      traces: [],
      special: [],
      threaded: [],
      settings: { rounds: 1, samples: 1, seconds: 0.001, baseline: "odd" },
    },
    progress,
  );

test("what fails there is told here, and no file stays", async () => {
  await expect(measureBuild(`throw new RangeError("no such heap")`)).rejects.toThrow(
    /^the measuring process failed: RangeError: no such heap\n/,
  );
  await expect(measureBuild("process.exit(7)")).rejects.toThrow(
    "the measuring process failed: it ended with code 7",
  );
  expect(leftovers()).toEqual([]);
});

test("the measuring process is plain Node, whatever runs its parent", async () => {
  vi.stubEnv("NODE_OPTIONS", "--no-deprecation");
  await expect(
    measureBuild("throw new Error(JSON.stringify([process.execArgv, process.env.NODE_OPTIONS]))"),
  ).rejects.toThrow(`Error: [[],""]`);
});

test("its steps are the parent's progress", async () => {
  const seen: string[] = [];
  const report = await measureBuild(
    "let top = 8; const malloc = () => (top += 8); return { malloc, free() {} };",
    {
      start: (task: string, steps: number) => seen.push(`${task} ${steps}`),
      step: (name: string) => seen.push(name),
      stop: () => seen.push("stop"),
    },
  );
  expect(seen).toEqual(["measuring 1", "tiny hot, 100 × 32 B", "stop"]);
  expect(report.workloads[0]?.results.map(({ name }) => name)).toEqual(["odd"]);
});

test("Ctrl-C ends it, and no file stays", async () => {
  const parent = spawn(process.execPath, [START, "bench", "--variants", "flagged", "--workloads", "W5"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  for await (const text of parent.stderr) {
    told += text;
    if (told.includes("measuring 1/1")) break;
  }
  expect(leftovers()).toHaveLength(1);
  parent.kill("SIGINT");
  expect(await once(parent, "exit")).toEqual([130, null]);
  expect(leftovers()).toEqual([]);
});
