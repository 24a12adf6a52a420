/** What `slabsmith init` does. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { BYTE_TEXT, BYTE_TEXT_HINT } from "../../../spec/bytes.ts";
import { nearest } from "../../../spec/nearest.ts";
import { fileError, UserError } from "../../../spec/user-error.ts";
import { type Answers, FORMATS, type Format, firstSpec, GOALS, type Goal } from "../../init/first-spec.ts";
import { answersOf } from "../../init/trace-answers.ts";
import { list, wholeNumber } from "../arguments.ts";
import type { InitFlags } from "../init.ts";

/** What a question is about, what it says, and what no answer means. */
const QUESTIONS = [
  ["name", "Name of the heap", "heap"],
  ["threads", "Threads that allocate (1: no Atomics anywhere)", "1"],
  ["memory", "Address space of a heap", "64 MiB"],
  ["sizes", "Typical sizes of blocks in bytes, such as 24,64,200 (nothing: any)", ""],
  ["for", `What matters most: ${GOALS.join(", ")} of the code`, "speed"],
] as const;

type Given = Readonly<Record<(typeof QUESTIONS)[number][0], string>>;

export async function init(folder: string, flags: InitFlags): Promise<void> {
  const format = oneOf("--format", flags.format ?? "ts", FORMATS) as Format;
  const { note, ...traced } = flags.trace === undefined ? {} : answersOf(flags.trace);
  if (note !== undefined) process.stderr.write(`${note}\n`);
  const known = { ...traced, ...flags };
  const isAsked = process.stdin.isTTY && QUESTIONS.every(([key]) => known[key] === undefined);
  const answers = readAnswers(isAsked ? await ask() : withDefaults(known));
  const file = join(folder, `${answers.name}.heap.${format}`);
  const schema = relative(resolve(folder), resolve("node_modules/slabsmith/dist/spec/slabsmith.schema.json"));
  const text = firstSpec(answers, format, schema.startsWith(".") ? schema : `./${schema}`);
  if (existsSync(file) && !flags.force) throw fileError(file, "it is there already; --force overwrites it");
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw fileError(file, `cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  const next = [`npx slabsmith explain ${file}`, `npx slabsmith generate ${file}`];
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ file, next }, null, 2)}\n`
      : `${file} written. What it comes to, and the heap itself:\n${next.map((line) => `  ${line}\n`).join("")}`,
  );
}

function withDefaults(known: Partial<Given>): Given {
  return Object.fromEntries(QUESTIONS.map(([key, , standard]) => [key, known[key] ?? standard])) as Given;
}

async function ask(): Promise<Given> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given: Partial<Record<keyof Given, string>> = {};
  try {
    for (const [key, question, standard] of QUESTIONS) {
      const answer = await terminal.question(`${question}${standard === "" ? "" : ` [${standard}]`}: `);
      given[key] = answer.trim() || standard;
    }
  } finally {
    terminal.close();
  }
  return given as Given;
}

function readAnswers({ name, threads, memory, sizes, for: goal }: Given): Answers {
  const spaced = memory.replace(/^([\d.]+)(?=[A-Za-z])/, "$1 ");
  if (!BYTE_TEXT.test(spaced)) throw new UserError(`--memory ${memory}: ${BYTE_TEXT_HINT}`);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UserError(`--name ${name}: use a name of a-z, 0-9 and - that begins with a letter`);
  }
  return {
    name,
    threads: wholeNumber("--threads", threads),
    memory: spaced,
    sizes: list(sizes).map((size) => wholeNumber("--sizes", size)),
    goal: oneOf("--for", goal, GOALS) as Goal,
  };
}

function oneOf(option: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  const close = nearest(text, known);
  throw new UserError(`${option} ${text}: ${close ? `did you mean ${close}? ` : ""}use ${known.join(", ")}`);
}
