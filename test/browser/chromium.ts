/** Chromium without a window. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATH = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** The browser's executable, if there is one: `CHROMIUM_PATH`, or Debian's. */
export const chromium = existsSync(PATH) ? PATH : undefined;

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Browser {
  /** Rejects with what the browser said last, should it end by itself. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Opens a page in a browser of its own, which knows nothing of others. */
export function open(executable: string, url: string): Browser {
  const profile = mkdtempSync(join(tmpdir(), "slabsmith-chromium-"));
  const options = [...FLAGS, `--user-data-dir=${profile}`, url];
  return browserOf(spawn(executable, options, { stdio: ["ignore", "ignore", "pipe"] }), profile);
}

/** A browser's process, whose profile goes when it is closed. */
export function browserOf(child: ChildProcess, profile: string): Browser {
  const failed = endOf(child);
  failed.catch(() => {});
  return {
    failed,
    async close() {
      // Its helpers outlive the first process, and write into the profile: the last of them closes
      // the pipe.
      if (child.exitCode === null && child.kill()) await once(child, "close");
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function endOf(child: ChildProcess): Promise<never> {
  let said = "";
  child.stderr?.on("data", (text) => {
    said = (said + text).slice(-2000);
  });
  // An executable that cannot be started is an error of its own.
  await once(child, "exit");
  throw new Error(`the browser has ended (${child.exitCode ?? child.signalCode})\n${said}`);
}
