/** What `slabsmith record` does. */
import { createProgress } from "../../../bench/progress.ts";
import { type Recording, record } from "../../record/record.ts";
import type { Result } from "../../record/results.ts";
import { ExitCode } from "../exit-code.ts";
import type { RecordFlags } from "../record.ts";

const FAILED = 1;

export async function recordCommand(command: [string, ...string[]], flags: RecordFlags): Promise<void> {
  const recording = await record(
    {
      command,
      ...(flags.out !== undefined && { out: flags.out }),
      histogram: flags.histogram === true,
      native: flags.native === true,
      isOutputElsewhere: flags.json === true,
    },
    createProgress(),
  );
  const { ended, results } = recording;
  // The program's own output has standard output.
  process.stderr.write(`${[...told(command, recording)].join("\n")}\n`);
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...ended, traces: results }, undefined, 2)}\n`);
  if (ended.code !== 0) throw new ExitCode(ended.code);
  if (results.length === 0) throw new ExitCode(FAILED);
}

function* told([name]: readonly string[], recording: Recording): Iterable<string> {
  const { ended, results } = recording;
  const how =
    ended.signal === undefined ? `ended with exit code ${ended.code}` : `was ended by ${ended.signal}`;
  yield `${name} ${how}${results.length === 0 ? `, and nothing was recorded: ${whyNothing(recording)}` : ""}`;
  for (const result of results) {
    yield summary(result);
    for (const note of result.notes) yield `  ${note}`;
  }
}

function summary({ file, source, pid, command, operations, blocks, threads }: Result): string {
  const count = (number: number, what: string) =>
    `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
  const whose = source === "heap" ? `a heap of process ${pid}` : `process ${pid}: ${command?.slice(0, 60)}`;
  return `${file}: ${count(operations, "call")}, ${count(blocks, "block")}, ${count(threads, "thread")} (${whose})`;
}

function whyNothing({ program: { runtime } }: Recording): string {
  if (runtime === undefined) {
    return "it is linked statically, brings a malloc of its own, or clears its environment (LD_PRELOAD)";
  }
  const permissions = runtime === "deno" ? "; Deno needs --allow-env and --allow-write for that" : "";
  return `a program of ${runtime} is recorded where it calls recordHeap(createHeap()), from slabsmith/record, without a sink of its own${permissions}. --native records what ${runtime} itself allocates`;
}
