/**
 * Measures in a process of its own, which is plain Node.
 *
 * Once any ArrayBuffer of a process was detached, V8 no longer assumes that buffers stay, and every
 * access to a typed array is slower from then on: the tiny hot loop loses a quarter. What runs
 * TypeScript as it stands detaches some. So the harness is bundled to JavaScript, and nothing but
 * it is loaded where time is taken.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Plan } from "./bench.ts";
import type { Message } from "./measure.ts";
import type { Progress } from "./progress.ts";
import type { BenchReport } from "./report.ts";

/** Beside the sources the harness is TypeScript, in what is published JavaScript. */
const ENTRY = fileURLToPath(new URL(`./measure${extname(import.meta.url)}`, import.meta.url));
const HARNESS = dirname(dirname(ENTRY));

export async function measure(plan: Plan, progress: Progress): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), "slabsmith-bench-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const script = join(folder, "measure.cjs");
    await bundle(script);
    return await reportOf(startChild(script, folder), plan, progress);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
    plugins: [ownAddresses, bennyApart],
  });
}

/** Modules look for files beside themselves; in the bundle each still knows where it came from. */
const ownAddresses: Plugin = {
  name: "own-addresses",
  setup({ onLoad }) {
    onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
      if (!path.startsWith(HARNESS) || path.slice(HARNESS.length).includes("node_modules")) return undefined;
      const text = readFileSync(path, "utf8");
      return {
        contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
        loader: "ts",
      };
    });
  },
};

/**
 * Below benny modules are found by calls of `require` that a bundler does not see: it stays where
 * it is.
 */
const bennyApart: Plugin = {
  name: "benny-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^benny$/ }, () => ({
      path: createRequire(import.meta.url).resolve("benny"),
      external: true,
    }));
  },
};

/** Temporary files of the child lie in the folder too: it vanishes however the child ends. */
function startChild(script: string, folder: string): ChildProcess {
  return fork(script, {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: "", TMPDIR: folder },
    // Standard output belongs to the result.
    stdio: ["ignore", 2, 2, "ipc"],
  });
}

async function reportOf(child: ChildProcess, plan: Plan, progress: Progress): Promise<BenchReport> {
  const interrupted = (signal: NodeJS.Signals): void => {
    child.kill();
    progress.stop();
    // What 128 plus the signal's number says to a shell.
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    let report: BenchReport | undefined;
    let failure: string | undefined;
    child.on("message", (message: Message) => {
      if ("start" in message) progress.start(message.start.task, message.start.steps);
      else if ("step" in message) progress.step(message.step);
      else if ("stop" in message) progress.stop();
      else if ("report" in message) report = message.report;
      else failure = message.failure;
    });
    const closed = once(child, "close");
    child.send(plan);
    const [code, signal] = await closed;
    if (report) return report;
    throw new Error(
      `the measuring process failed: ${failure ?? `it ended with ${signal ?? `code ${code}`}`}`,
    );
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}
