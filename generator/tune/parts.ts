/**
 * A trace in two parts: the first one for the search, the last one to judge by. The second part
 * begins with the blocks that are live at the cut, in the order in which they came.
 */
import { KIND_BITS, KIND_MASK, Kind, parseTrace, type Trace } from "../../bench/trace.ts";
import { UserError } from "../../spec/user-error.ts";

/** Of the operations, those that the search sees. */
const TRAINING_SHARE = 0.6;
/** Fewer say nothing about a program. */
const FEWEST_OPERATIONS = 1000;

export interface Part {
  readonly trace: Trace;
  /** In the trace format. */
  readonly text: string;
}

export interface Parts {
  readonly training: Part;
  readonly heldOut: Part;
}

export function splitTrace(trace: Trace): Parts {
  const { name } = trace;
  // The frees that the file lacks say nothing about the program.
  const operations = trace.lines.filter((line) => line !== 0).length;
  if (operations < FEWEST_OPERATIONS) {
    throw new UserError(
      `trace ${name}: ${operations} operations are too few to search on one part and judge by the other; give one of at least ${FEWEST_OPERATIONS}, or others to judge by with --held-out`,
    );
  }
  const cut = Math.floor(operations * TRAINING_SHARE);
  return {
    training: part(`${name}-first`, linesOf(trace, 0, cut)),
    heldOut: part(`${name}-last`, linesOf(trace, cut, operations)),
  };
}

/** A trace as it is. */
export function wholeTrace(trace: Trace): Part {
  return part(trace.name, linesOf(trace, 0, trace.operations));
}

function part(name: string, lines: readonly string[]): Part {
  const text = `${lines.join("\n")}\n`;
  return { trace: parseTrace(name, text), text };
}

function linesOf({ words, alignments }: Trace, from: number, to: number): string[] {
  /** Live blocks and their sizes, in the order of their allocation. */
  const live = new Map<number, number>();
  for (let index = 0; index < from; index++) {
    const id = words[index * 2]! >>> KIND_BITS;
    if ((words[index * 2]! & KIND_MASK) === Kind.free) live.delete(id);
    else live.set(id, words[index * 2 + 1]!);
  }
  const numbers = new Map<number, number>();
  const born = (id: number): number => {
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  };
  const allocation = (id: number, size: number, letter: string): string =>
    alignments[id] === 0 ? `${letter} ${born(id)} ${size}` : `m ${born(id)} ${size} ${alignments[id]}`;
  const lines = [...live].map(([id, size]) => allocation(id, size, "a"));
  for (let index = from; index < to; index++) {
    const id = words[index * 2]! >>> KIND_BITS;
    const size = words[index * 2 + 1]!;
    const kind = words[index * 2]! & KIND_MASK;
    if (kind === Kind.free) lines.push(`f ${numbers.get(id)}`);
    else if (kind === Kind.realloc) lines.push(`r ${numbers.get(id)} ${size}`);
    else lines.push(allocation(id, size, kind === Kind.calloc ? "z" : "a"));
  }
  return lines;
}
