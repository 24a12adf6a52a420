/** Runs a command and writes the traces of what it allocates. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Progress } from "../../bench/progress.ts";
import { FOLDER_VARIABLE, HISTOGRAM_VARIABLE } from "../../templates/record/sink.ts";
import { OutputFiles } from "./output-files.ts";
import { compilePreload } from "./preload.ts";
import { findProgram, type Program, RUNTIMES } from "./program.ts";
import { type Result, writeResults } from "./results.ts";
import { type Ended, run } from "./run.ts";

/** Read by `preload.c`. */
const LEAVE_OUT_VARIABLE = "SLABSMITH_RECORD_LEAVE_OUT";

export interface RecordRequest {
  readonly command: readonly [name: string, ...args: string[]];
  /** The file of the first trace; by default named after the command. */
  readonly out?: string;
  readonly histogram: boolean;
  /** Whether the malloc of Node, Bun and Deno themselves is recorded. */
  readonly native: boolean;
  /** Whether the program's standard output goes to standard error. */
  readonly isOutputElsewhere: boolean;
}

export interface Recording {
  readonly program: Program;
  readonly ended: Ended;
  readonly results: readonly Result[];
}

/** Throws a UserError where the command cannot be run or recorded. */
export async function record(request: RecordRequest, progress: Progress): Promise<Recording> {
  const [name] = request.command;
  const program = findProgram(name);
  const ending = request.histogram ? "histogram" : "trace";
  const outputs = new OutputFiles(request.out ?? `${basename(name)}.${ending}.gz`);
  const folder = mkdtempSync(join(tmpdir(), "slabsmith-record-"));
  try {
    const environment = {
      [FOLDER_VARIABLE]: folder,
      ...(request.histogram && { [HISTOGRAM_VARIABLE]: "1" }),
      ...(isNative(program, request) && preloading(folder, request)),
    };
    const ended = await run(program.path, request.command, environment, request.isOutputElsewhere);
    const results = await writeResults(folder, ended.pid, outputs, request.histogram, progress);
    return { program, ended, results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isNative = ({ runtime }: Program, { native }: RecordRequest) => runtime === undefined || native;

function preloading(folder: string, { native }: RecordRequest): Record<string, string> {
  const libraries = [compilePreload(folder), ...(process.env.LD_PRELOAD ? [process.env.LD_PRELOAD] : [])];
  return {
    LD_PRELOAD: libraries.join(":"),
    [LEAVE_OUT_VARIABLE]: native ? "" : `:${RUNTIMES.join(":")}:`,
  };
}
