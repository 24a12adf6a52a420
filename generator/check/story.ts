/** Story: a failing schedule, a column per thread, with the kernel's own lines. */
import type { Program } from "../stages/program.ts";
import { Kind } from "./access.ts";
import type { Failing } from "./explore-scenario.ts";
import { USER_SITE } from "./ghost.ts";
import type { HeapTrial } from "./heap-trial.ts";
import type { Step } from "./machine.ts";
import { replay, type Watcher } from "./replay.ts";

interface Row {
  readonly thread: number;
  readonly lines: readonly string[];
  /** How often in a row: a walk reads one word again and again. */
  times: number;
}

export interface Story {
  readonly text: string;
  /** Undefined: the schedule fails no more. */
  readonly message: string | undefined;
}

export function tell(failing: Failing, width = 132, kernel?: Program): Story {
  const { scenario, dieAfter } = failing;
  const columns = scenario.threads.length;
  const column = Math.max(30, Math.floor((width - 3 * (columns - 1)) / columns));
  const rows: Row[] = [];
  const message = replay(failing, (trial) => teller(trial, rows), kernel);
  const heading = scenario.threads.map((_, thread) => {
    const dies = thread === scenario.dies ? `, dies after ${dieAfter} writes` : "";
    return pad(`thread ${thread}${dies}`, column);
  });
  const end = message === undefined ? "✓ nothing fails any more" : `✗ ${message}`;
  const text = [
    `${scenario.name}: ${scenario.shows}`,
    "",
    ...(scenario.before ?? []).map((line) => `before   ${line}`),
    "",
    heading.join(" │ ").trimEnd(),
    heading.map(() => "─".repeat(column)).join("─┼─"),
    ...rows.flatMap(({ thread, lines, times }) =>
      [...lines.slice(0, -1), `${lines.at(-1)}${times > 1 ? `, ${times} times` : ""}`]
        .flatMap((line) => wrap(line, column))
        .map((line) => place(line, thread, columns, column)),
    ),
    "",
    end,
    "",
  ].join("\n");
  return { text, message };
}

function teller(trial: HeapTrial, rows: Row[]): Watcher {
  const { sites } = trial.build;
  const isTold = (thread: number) =>
    thread < trial.scenario.threads.length && trial.machine.ports[thread].watched;
  const lineOf = (site: number) =>
    site === USER_SITE
      ? "(the user's own code)"
      : `${fileOf(sites[site].file)}:${sites[site].line}  ${sites[site].text}`;
  const add = (thread: number, ...lines: readonly string[]) => {
    const last = rows.at(-1);
    if (last?.thread === thread && last.lines.join() === lines.join()) last.times++;
    else rows.push({ thread, lines, times: 1 });
  };
  return {
    operation(thread, line) {
      if (isTold(thread)) add(thread, `▸ ${line}`);
    },
    step(step) {
      add(step.thread, `  ${lineOf(step.site)}`, `      ${effectOf(step)}`);
    },
    plain(thread, word, site, value, writes) {
      const effect = writes
        ? `${hex(word * 4)} = ${hex(value)}, plain`
        : `${hex(word * 4)} is ${hex(value)}, plain`;
      add(thread, `  ${lineOf(site)}`, `      ${effect}`);
    },
  };
}

function effectOf({ kind, word, result, after }: Step): string {
  const place = hex(word * 4);
  switch (kind) {
    case Kind.load:
      return `${place} is ${hex(result)}`;
    case Kind.racyLoad:
      return `${place} is ${hex(result)}${result === after ? "" : `, an old value: now ${hex(after)}`}`;
    case Kind.store:
      return `${place} = ${hex(after)}`;
    case Kind.cas:
      return result === after
        ? `${place} stays ${hex(after)}`
        : `${place} = ${hex(after)}, was ${hex(result)}`;
    default:
      return `${place} = ${hex(after)}, was ${hex(result)}`;
  }
}

function fileOf(path: string): string {
  return path.replace(/^kernel\//, "");
}

function hex(value: number): string {
  return value < 10 ? String(value) : `0x${value.toString(16)}`;
}

function place(line: string, thread: number, columns: number, width: number): string {
  return Array.from({ length: columns }, (_, t) => pad(t === thread ? line : "", width))
    .join(" │ ")
    .trimEnd();
}

function pad(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

/** A long line goes on in the next one, further in. */
function wrap(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = " ".repeat(/^ */.exec(line)![0].length + 4);
  const cut = line.lastIndexOf(" ", width);
  const at = cut > indent.length ? cut : width;
  return [line.slice(0, at), ...wrap(indent + line.slice(at).trimStart(), width)];
}
