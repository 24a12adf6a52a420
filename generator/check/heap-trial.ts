/** Heap trial: a scenario, ready to be explored. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { Program } from "../stages/program.ts";
import { Actor, CHANNELS, Stage } from "./actors.ts";
import { buildChecked, type CheckedBuild, type CheckedThread } from "./build-checked.ts";
import { Ghost } from "./ghost.ts";
import { Machine } from "./machine.ts";
import { type Operation, parseOperation } from "./operation.ts";
import { checkedSpec, type HeapChoices, type Scenario } from "./scenario.ts";
import { SlabWatch } from "./slab-watch.ts";
import type { Trial } from "./trial.ts";
import { Violation } from "./violation.ts";

const CALLS = [
  "initialise",
  "attach",
  "detach",
  "idle",
  "malloc",
  "calloc",
  "memalign",
  "realloc",
  "free",
  "usableSize",
  "reclaimSlot",
  "reserveSlot",
  "committedBytes",
  "checkSharedSuperSlabs",
  "miscountedSuperSlabs",
];

/** A thread opens its views of a memory that grows. */
const LOOK = "lookAtMemory";

function callsOf({ reclaim, memory }: KernelSpec): string[] {
  const calls = reclaim ? CALLS : CALLS.filter((call) => call !== "reclaimSlot");
  return memory.kind === "growable" ? [...calls, LOOK] : calls;
}

type Script = readonly (readonly [operation: Operation, line: string])[];

/** Told what the threads do, for a story. */
export type Narrate = (thread: number, line: string) => void;

export class HeapTrial implements Trial {
  readonly machine: Machine;
  readonly build: CheckedBuild;
  narrate: Narrate | undefined;
  /** Writes and steps after which the mortal thread dies. */
  dieAfter = Number.POSITIVE_INFINITY;
  /** Executions in which it died. */
  deaths = 0;
  readonly #spec: KernelSpec;
  readonly #ghost = new Ghost();
  readonly #threads: readonly CheckedThread[];
  readonly #before: readonly (readonly [thread: number, operation: Operation, line: string])[];
  readonly #scripts: readonly Script[];
  readonly #stage: Stage;
  readonly #actors: readonly Actor[];
  /** Whether the memory grows while the threads are at work. */
  readonly #isGrowing: boolean;
  /** The thread that is there before and after the others. */
  readonly #main: number;
  /** Blocks that a heap of this scenario holds when it is new. */
  readonly #capacity: number;

  constructor(
    readonly scenario: Scenario,
    kernel?: Program,
  ) {
    this.#main = scenario.threads.length;
    const { spec, build, bytes } = smallHeap(scenario.heap, kernel);
    this.#spec = spec;
    this.#isGrowing = spec.memory.kind === "growable";
    this.build = build;
    const words = bytes >>> 2;
    const lengthWord = words + CHANNELS;
    this.machine = new Machine(this.#main + 1, lengthWord + 1, (thread, site) =>
      this.#describe(thread, site),
    );
    const watch = new SlabWatch(this.machine.memory, this.build.layout(bytes), words);
    for (const port of this.machine.ports) port.watch = watch;
    if (this.#isGrowing) for (const port of this.machine.ports) port.growingWords = words;
    this.#threads = this.machine.ports.map((port) => this.build.open(port, bytes, lengthWord));
    this.#before = (scenario.before ?? []).map((line) => {
      const [thread, operation] = line.split(": ");
      return [Number(thread), parseOperation(operation), operation];
    });
    this.#scripts = scenario.threads.map((script) => script.map((line) => [parseOperation(line), line]));
    this.#stage = new Stage(this.#main, words, this.#spec.pageShift);
    this.#actors = this.machine.ports.map(
      (port, thread) => new Actor(port, this.#threads[thread].call, this.#ghost, this.#stage),
    );
    this.#clear();
    this.#stage.metadataBytes = this.#alone(this.#main, "committedBytes");
    this.#capacity = this.#fill();
  }

  start(): void {
    const { machine } = this;
    this.#clear();
    for (let thread = 0; thread < this.#main; thread++) {
      if (this.#isGrowing) this.#alone(thread, LOOK);
      this.#alone(thread, "attach", -1);
    }
    for (const [thread, operation, line] of this.#before) {
      machine.runAlone(thread, this.#perform(thread, operation, line));
    }
    const { dies } = this.scenario;
    machine.start(
      this.#scripts.map((script, thread) => ({
        run: () => this.#run(thread, script),
        after: thread !== dies && script[0]?.[0].call === "reclaim" ? dies : undefined,
        fuel: thread === dies ? this.dieAfter : undefined,
      })),
    );
  }

  /** A new heap. */
  #clear(): void {
    this.machine.clear();
    this.#ghost.reset();
    this.#stage.reserved = 0;
    for (const thread of this.#threads) thread.reset();
    this.#alone(this.#main, "initialise", true);
  }

  /**
   * Live blocks are whole; and when all is given back, a new heap's number of blocks can be had
   * again.
   */
  finish(): void {
    const { machine } = this;
    const port = machine.ports[this.#main];
    machine.finish();
    const { dies } = this.scenario;
    const died = dies !== undefined && machine.hasCrashed(dies);
    if (died) this.deaths++;
    this.#expectAgreement();
    this.#expectCounts(died ? 1 : 0);
    for (const block of [...this.#ghost.live.values()]) {
      this.#ghost.dismiss(port, block.name);
      this.#alone(this.#main, "free", block.ptr);
    }
    for (let thread = 0; thread < this.#main; thread++) {
      if (!machine.hasCrashed(thread)) this.#alone(thread, "detach");
    }
    const room = this.#fill();
    this.#expectSlots();
    if (room >= this.#capacity - (died ? this.#lostByDeath() : 0)) return;
    throw new Violation(`blocks are lost: the heap had room for ${this.#capacity}, now for ${room}`);
  }

  /** What slabs, SuperSlabs and hints say of each other agrees while nobody is at work. */
  #expectAgreement(): void {
    try {
      this.#alone(this.#main, "checkSharedSuperSlabs");
    } catch (error) {
      throw (error as Error).name === "HeapCorruptionError" ? new Violation((error as Error).message) : error;
    }
  }

  /** A thread that died may have done what it had not counted yet. */
  #expectCounts(most: number): void {
    const miscounted = this.#alone(this.#main, "miscountedSuperSlabs");
    if (Math.abs(miscounted) > most) throw new Violation(`SuperSlabs are miscounted by ${miscounted}`);
  }

  /** All thread slots but the main thread's are free, or kept for somebody. */
  #expectSlots(): void {
    let free = 0;
    while (free < this.#spec.threads && this.#alone(this.#main, "reserveSlot") >= 0) free++;
    const expected = this.#spec.threads - 1 - this.#stage.reserved;
    if (free !== expected) throw new Violation(`${free} thread slots are free, not ${expected}`);
  }

  /** How many blocks of the largest class can be had. */
  #fill(): number {
    if (!this.#alone(this.#main, "attach", -1)) throw new Violation("no thread slot is free any more");
    let blocks = 0;
    while (this.#alone(this.#main, "malloc", this.#spec.maxClassBytes) !== 0) blocks++;
    return blocks;
  }

  /** The block of the call that a death interrupts may be lost; in blocks of the largest class. */
  #lostByDeath(): number {
    const { classBytes, classCount, headerBytes, pageShift } = this.#spec;
    const sizes = this.#scripts[this.scenario.dies!].map(([operation]) =>
      "size" in operation ? operation.size + (operation.alignment ?? headerBytes) : 0,
    );
    const largest = Math.max(...sizes);
    if (largest <= classBytes[classCount]) return 1;
    return Math.ceil(largest / 2 ** pageShift) * Math.floor(2 ** pageShift / classBytes[classCount]);
  }

  #alone(thread: number, call: string, ...given: (number | boolean)[]): number {
    return this.machine.runAlone(thread, this.#threads[thread].call[call](...given));
  }

  *#run(thread: number, script: Script): Generator<unknown, void, number> {
    for (const [operation, line] of script) yield* this.#perform(thread, operation, line);
  }

  #perform(thread: number, operation: Operation, line: string): Generator<unknown, void, number> {
    this.narrate?.(thread, line);
    return this.#actors[thread].perform(operation, line);
  }

  #describe(thread: number, site: number): string {
    const where = this.build.sites[site];
    const name = thread === this.#main ? "the main thread" : `thread ${thread}`;
    return where === undefined
      ? `${name}'s own code`
      : `${name}, ${where.file}:${where.line} (${where.text})`;
  }
}

/**
 * The smallest heap that has so many pages for blocks. Where a scenario says how long SuperSlabs
 * are, its base is where the metadata ends with one: pages of metadata keep no page for blocks
 * committed.
 */
function smallHeap(heap: HeapChoices, kernel: Program | undefined) {
  const plain = checkedSpec(heap);
  for (let basePage = 0; ; basePage++) {
    const spec = { ...plain, memory: { ...plain.memory, basePage } };
    const build = buildChecked(spec, callsOf(spec), kernel);
    const bytes = bytesFor(heap.pages, spec.pageShift, build);
    if (build.layout(bytes).firstPage % (heap.pagesPerSuperSlab ?? 1) === 0) return { spec, build, bytes };
  }
}

/** How many pages the metadata of a heap fills depends on its size. */
function bytesFor(pages: number, pageShift: number, build: CheckedBuild): number {
  for (let endPage = pages + 1; ; endPage++) {
    const bytes = endPage << pageShift;
    if (endPage - build.layout(bytes).firstPage === pages) return bytes;
  }
}
