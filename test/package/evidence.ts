/**
 * The package at length, `npm run evidence:package`: installed by npm into an empty project, every
 * command there, and shipped packages installed in turn, on every runtime that can be had. What is
 * missing is skipped with a line that says so.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, open } from "../browser/chromium.ts";
import { firefox, openFirefox } from "../browser/firefox.ts";
import { resultInPage } from "./page.ts";
import { type Outcome, Project, pack } from "./project.ts";
import { complaints, RESOLUTIONS } from "./types.ts";

/**
 * Versions of Node that npm has as packages, and what else runs JavaScript, without scripts that an
 * installation would run.
 */
const { platform, arch } = process;
const NODES = ["22", "24", "26"].map(
  (version) => [`node-${platform}-${arch}@${version}`, "bin/node"] as const,
);
const OTHERS = [
  [`@oven/bun-${platform}-${arch}`, "bin/bun", []],
  [
    `@deno/${platform}-${arch}-glibc`,
    "deno",
    ["run", "--allow-all", "--no-lock", "--node-modules-dir=manual"],
  ],
] as const;

const failures: string[] = [];

function record(what: string, isGood: boolean, detail = ""): void {
  if (!isGood) failures.push(what);
  process.stdout.write(
    `${isGood ? "holds" : "FAILS"}  ${what}${isGood || detail === "" ? "" : `\n${detail}`}\n`,
  );
}

const ended = (what: string, { code, out, err }: Outcome, expected = 0, text?: RegExp) =>
  record(what, code === expected && (text === undefined || text.test(out + err)), `${code}\n${out}${err}`);

const folder = mkdtempSync(join(tmpdir(), "slabsmith-evidence-"));
const projects: Project[] = [];

function project(): Project {
  const made = new Project();
  projects.push(made);
  return made;
}

async function main(): Promise<void> {
  const packed = await pack(folder);
  const user = project();
  await user.install(packed.file);
  const installed = Number(
    /^\d+/.exec(execFileSync("du", ["-sk", join(user.folder, "node_modules")], { encoding: "utf8" })),
  );
  const count = readdirSync(join(user.folder, "node_modules"), { recursive: true, encoding: "utf8" }).filter(
    (file) => /(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(file),
  ).length;
  process.stdout.write(
    `packed ${(packed.bytes / 1e6).toFixed(2)} MB, unpacked ${(packed.unpackedBytes / 1e6).toFixed(2)} MB; installed ${(installed / 1024).toFixed(0)} MB, ${count} packages\n`,
  );

  const nodes = [process.execPath];
  for (const [name, path] of NODES) nodes.push(...[await executableOf(name, path)].filter(isFound));
  for (const node of nodes) await commands(user, node);
  await measuring(user);
  await shipped(user, nodes);
}

/** An executable that a package of npm's brings; undefined, and said so, where there is none. */
async function executableOf(name: string, path: string): Promise<string | undefined> {
  const holder = project();
  try {
    await holder.install("--ignore-scripts", "--force", name);
    const file = join(holder.folder, "node_modules", name.replace(/(?<=.)@[^/]*$/, ""), path);
    execFileSync(file, ["--version"]);
    return file;
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    process.stdout.write(`skipped  ${name}: ${reason}\n`);
    return undefined;
  }
}

async function commands(user: Project, node: string): Promise<void> {
  user.node = node;
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const on = (what: string) => `${what} (Node ${version})`;
  user.write(
    "typed.ts",
    'import { defineSpec } from "slabsmith";\nexport default defineSpec({ extends: "tiny" as const });\n',
  );
  ended(on("--help"), await user.slabsmith("--help"), 0, /Usage: slabsmith/);
  ended(on("init"), await user.slabsmith("init", "--force", "--name", "first", "--sizes", "24"));
  ended(on("generate"), await user.slabsmith("generate", "typed.ts", "first.heap.ts", "shared"));
  ended(on("generate --check"), await user.slabsmith("generate", "typed.ts", "--check"));
  ended(on("explain"), await user.slabsmith("explain", "typed.ts"), 0, /Size classes/);
  ended(on("check"), await user.slabsmith("check", "two-remote-frees", "--seconds", "1"));
  ended(on("a mistake"), await user.slabsmith("explain", "sinlge"), 2, /did you mean single/);
  const importing = `import { resolve } from "slabsmith"; import vite from "slabsmith/vite"; import "slabsmith/client";
    if ((await resolve("single")).kernel.threads !== 1 || typeof vite !== "function") process.exit(1);`;
  ended(on("imports"), await user.module(importing));
  ended(on("bench without benny"), await user.slabsmith("bench"), 2, /npm install --save-dev benny@/);
}

/** What needs the optional packages, in the Node that runs this. */
async function measuring(user: Project): Promise<void> {
  user.node = process.execPath;
  for (const resolution of RESOLUTIONS) {
    const file = user.write(
      "types.ts",
      'import { generate } from "slabsmith";\nexport const build = await generate("tiny");\n',
    );
    const found = complaints(file, resolution);
    record(`types, ${resolution}`, found.length === 0, found.join("\n"));
  }
  const { peerDependencies } = JSON.parse(user.read("node_modules/slabsmith/package.json"));
  await user.install(...Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`));
  const quick = ["--workloads", "W3/256", "--quick"];
  ended("bench", await user.slabsmith("bench", "--variants", "tiny", "--report", "bench.html", ...quick));
  const trace = "node_modules/slabsmith/dist/bench/traces/jq.trace.gz";
  ended("tune", await user.slabsmith("tune", trace, "--budget", "20s", "--report", "tune.html"));
  ended("matrix", await user.slabsmith("matrix", "tiny", "--axis", "lru.entries=0,4", ...quick));
  ended("check --random", await user.slabsmith("check", "--random", "--seconds", "2"));
}

/** Packages of three builds, installed as a user would, in every runtime. */
async function shipped(user: Project, nodes: readonly string[]): Promise<void> {
  user.write("wasm.json", '{ "extends": "tiny", "memory": { "kind": "WebAssembly.Memory" } }');
  const consumer = project();
  for (const spec of ["single", "shared", "wasm.json"]) {
    const name = spec.replace(".json", "");
    ended(`ship ${name}`, await user.slabsmith("ship", spec, "--out", `shipped/${name}`));
    const { out } = await user.run("npm", "pack", "--json", `./shipped/${name}`);
    await consumer.install(join(user.folder, JSON.parse(out)[0].filename));
  }
  ended(
    "ship single --against itself",
    await user.slabsmith("ship", "single", "--against", "shipped/single", "--out", "shipped/next"),
    0,
    /since 1\.0\.0: a patch step/,
  );
  record("the next version", JSON.parse(user.read("shipped/next/package.json")).version === "1.0.1");

  const use =
    'for (const { createHeap } of heaps) { const h = createHeap(); const p = h.malloc(24); h.u32[p >>> 2] = 7; h.free(p); if (!p || h.stats().liveBlocks) throw new Error("heap"); } console.log("fine");';
  const names = ["single", "single/min", "shared", "wasm"];
  consumer.write(
    "esm.mjs",
    `${names.map((name, i) => `import * as h${i} from "${name}";`).join("\n")}\nconst heaps = [${names.map((_, i) => `h${i}`).join(", ")}];\n${use}\n`,
  );
  consumer.write(
    "cjs.cjs",
    `const heaps = ${JSON.stringify(names.filter((name) => !name.includes("/")))}.map(require);\n${use}\n`,
  );
  consumer.write(
    "workers.mjs",
    `import { isMainThread, Worker, workerData } from "node:worker_threads";
import { attachHeap, createHeap } from "shared";
import { reclaimOnExit } from "shared/workers";
if (isMainThread) {
  const heap = createHeap();
  const handle = heap.reserve();
  const worker = new Worker(new URL(import.meta.url), { workerData: handle });
  reclaimOnExit(heap, handle, worker);
  worker.on("error", (error) => { throw error; });
  worker.once("exit", () => { const { liveBlocks } = heap.stats(); if (liveBlocks !== 500) throw new Error(String(liveBlocks)); console.log("fine"); });
} else {
  const heap = attachHeap(workerData);
  for (let i = 0; i < 1000; i++) { const ptr = heap.malloc(i); if (i % 2) heap.free(ptr); }
}
`,
  );
  for (const node of nodes) {
    const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
    for (const file of ["esm.mjs", "cjs.cjs", "workers.mjs"]) {
      ended(`shipped packages, ${file} (Node ${version})`, await consumer.run(node, file), 0, /^fine$/m);
    }
  }
  for (const [name, path, options] of OTHERS) {
    const program = await executableOf(name, path);
    if (program === undefined) continue;
    const [version] = execFileSync(program, ["--version"], { encoding: "utf8" }).split("\n");
    for (const file of ["esm.mjs", "cjs.cjs", "workers.mjs"]) {
      const outcome = await consumer.run(program, ...options, file);
      ended(`shipped packages, ${file} (${name} ${version})`, outcome, 0, /^fine$/m);
    }
  }
  await inPages(consumer);
}

/** The same packages in browsers, on the page's thread and in a worker. */
async function inPages(consumer: Project): Promise<void> {
  const browsers = [
    ["Chromium", "CHROMIUM_PATH", chromium, open],
    ["Firefox", "FIREFOX_PATH", firefox, openFirefox],
  ] as const;
  for (const [name, variable, executable, openIn] of browsers) {
    if (executable === undefined) {
      process.stdout.write(`skipped  ${name}: there is none; ${variable} can name one\n`);
      continue;
    }
    const result = await resultInPage(consumer, (url) => openIn(executable, url));
    const version = execFileSync(executable, ["--version"], { encoding: "utf8" }).trim();
    record(`shipped packages, page and worker (${version})`, result === "fine", result);
  }
}

const isFound = (file: string | undefined): file is string => file !== undefined;

try {
  await main();
} finally {
  for (const { folder } of projects) rmSync(folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(
  failures.length === 0 ? "all of it holds\n" : `${failures.length} fail: ${failures.join(", ")}\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
