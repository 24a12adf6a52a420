/** The program that a command line names: where it lies, and whether it runs JavaScript. */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { UserError } from "../../spec/user-error.ts";

export interface Program {
  readonly path: string;
  /** What runs its JavaScript; undefined of a native program. */
  readonly runtime?: Runtime;
}

export const RUNTIMES = ["node", "bun", "deno"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Throws a UserError where there is no such program. */
export function findProgram(name: string): Program {
  const path = name.includes("/") ? resolve(name) : searchPath(name);
  if (path === undefined || !isExecutable(path)) {
    throw new UserError(`${name}: there is no such program; what follows -- is run as it stands`);
  }
  const runtime = runtimeOf(path);
  return { path, ...(runtime !== undefined && { runtime }) };
}

function searchPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  const paths = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  return paths.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** By its name, as `node`, or by the first line of a script, as that of npm. */
function runtimeOf(path: string): Runtime | undefined {
  const names = [basename(realpathSync(path)).replace(/\.(exe|cmd)$/, ""), ...scriptWords(path)];
  return RUNTIMES.find((runtime) => names.includes(runtime));
}

/** Words of `#!/usr/bin/env node`. */
function scriptWords(path: string): string[] {
  const start = Buffer.alloc(128);
  const file = openSync(path, "r");
  const length = readSync(file, start);
  closeSync(file);
  const [, line = ""] = /^#!(.*)/.exec(start.toString("latin1", 0, length)) ?? [];
  return line.trim().split(/[\s/]+/);
}
