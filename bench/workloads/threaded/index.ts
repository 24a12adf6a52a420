/** Which workloads there are for several threads, and how the command line chooses among them. */
import { UserError } from "../../../spec/user-error.ts";
import { type Description, forThreads, type ThreadedWorkload } from "../../threads/threaded-workload.ts";
import { readTrace } from "../../trace.ts";
import { matching } from "../choose.ts";
import { WORKLOAD_IDS } from "../index.ts";
import { recordedTrace } from "../recorded.ts";
import { allocTest } from "./alloc-test.ts";
import { cacheScratch, cacheThrash } from "./cache.ts";
import { glibcSimple, glibcThread } from "./glibc.ts";
import { LARSON_PROFILES, larson, larsonCommand } from "./larson.ts";
import { mstress } from "./mstress.ts";
import { remoteFree } from "./remote-free.ts";
import { rptest } from "./rptest.ts";
import { sh6bench, sh8bench } from "./shbench.ts";
import { fixedSizeThreaded, randomMixedThreaded } from "./slots.ts";
import { tinyHotThreaded } from "./tiny-hot.ts";
import { threadedReplay } from "./trace-replay.ts";
import { xmalloc } from "./xmalloc.ts";

const CATALOGUE: ReadonlyMap<string, () => Description> = new Map<string, () => Description>([
  ...Object.entries(LARSON_PROFILES).map(
    ([profile, command]) => [`W1/${profile}`, () => larson(`W1/${profile}`, larsonCommand(command))] as const,
  ),
  ["W2/16x60", () => fixedSizeThreaded(16, 60)],
  ["W2/16x64", () => fixedSizeThreaded(16, 64)],
  ["W2/256x128", () => fixedSizeThreaded(256, 128)],
  ["W2/1024x128", () => fixedSizeThreaded(1024, 128)],
  ["W3/256", () => randomMixedThreaded(256)],
  ["W3/8192", () => randomMixedThreaded(8192)],
  ["W5/32x100", () => tinyHotThreaded(32, 100)],
  ["W7/dot", () => threadedReplay(recordedTrace("dot"))],
  ...[sh6bench, sh8bench, xmalloc, mstress, rptest, allocTest].map(entry),
  ...[cacheScratch, cacheThrash, glibcSimple, glibcThread].map(entry),
  ...[0, 50, 90].map((percent) => entry(remoteFree(percent))),
]);

function entry(description: Description): readonly [string, () => Description] {
  return [description.id, () => description];
}

export const THREADED_IDS: readonly string[] = [...CATALOGUE.keys()].sort();

/** A workload and how many threads run it, as plain data. */
export interface ThreadedChoice {
  readonly id: string;
  readonly threads: number;
  /** The file of a trace to replay; else `id` is one of the catalogue, or a command of larson's. */
  readonly trace?: string;
}

const LARSON_COMMAND = /^(?:larson|W1[ /])\s*(\d.*)$/i;

export function isLarsonCommand(name: string): boolean {
  return LARSON_COMMAND.test(name);
}

/** Larson and others are known for several threads only. */
export function isThreadedOnly(name: string): boolean {
  const wanted = name.toLowerCase();
  const begins = (id: string): boolean => `${id.toLowerCase()}/`.startsWith(`${wanted}/`);
  return THREADED_IDS.some(begins) && !WORKLOAD_IDS.some(begins);
}

/**
 * Each workload under each number of threads. `larson 2 8 128 1024 1 12345 4` is a workload that
 * says its number itself.
 */
export function chooseThreaded(names: readonly string[], counts: readonly number[]): ThreadedChoice[] {
  const ids = names.flatMap((name) =>
    isLarsonCommand(name) ? [name] : matching([name], THREADED_IDS, THREADED_IDS),
  );
  return [...new Set(ids)].flatMap((id) => {
    const own = isLarsonCommand(id) ? larsonCommand(commandOf(id)).threads : undefined;
    if (own === undefined && counts.length === 0) {
      throw new UserError(`${id} is for several threads: say how many, such as --threads 1,2,4`);
    }
    return (own === undefined ? counts : [own]).map((threads) => ({ id, threads }));
  });
}

export function threadedWorkload({ id, threads, trace }: ThreadedChoice): ThreadedWorkload {
  return forThreads(describe(id, trace), threads);
}

function describe(id: string, trace: string | undefined): Description {
  if (trace !== undefined) return threadedReplay(readTrace(trace));
  if (isLarsonCommand(id)) return larson(`W1/${commandOf(id)}`, larsonCommand(commandOf(id)));
  return (CATALOGUE.get(id) as () => Description)();
}

const commandOf = (name: string): string => LARSON_COMMAND.exec(name)?.[1] as string;
