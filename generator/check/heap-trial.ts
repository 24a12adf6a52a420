/** Heap trial: a scenario, ready to be explored. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { Program } from "../stages/program.ts";
import type { Access } from "./access.ts";
import { buildChecked, type CheckedBuild, type CheckedThread } from "./build-checked.ts";
import { Ghost, USER_SITE } from "./ghost.ts";
import { type Body, Machine } from "./machine.ts";
import { type Operation, parseOperation } from "./operation.ts";
import { checkedSpec, type Scenario } from "./scenario.ts";
import type { Trial } from "./trial.ts";
import { Violation } from "./violation.ts";

const CALLS = [
  "initialise",
  "attach",
  "detach",
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

/** Words behind the heap through which threads send each other blocks. */
const CHANNELS = 16;

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
  readonly #channels = new Map<string, number>();
  readonly #firstChannel: number;
  /** Whether the memory grows while the threads are at work. */
  readonly #isGrowing: boolean;
  /** The thread that is there before and after the others. */
  readonly #main: number;
  /** Blocks that a heap of this scenario holds when it is new. */
  readonly #capacity: number;
  /** What it has committed before the first block: metadata. */
  readonly #committed: number;
  /** Slots that are kept for threads to come. */
  #reserved = 0;

  constructor(
    readonly scenario: Scenario,
    kernel?: Program,
  ) {
    this.#main = scenario.threads.length;
    this.#spec = checkedSpec(scenario.heap);
    this.#isGrowing = this.#spec.memory.kind === "growable";
    this.build = buildChecked(this.#spec, callsOf(this.#spec), kernel);
    const bytes = bytesFor(scenario.heap.pages, this.#spec.pageShift, this.build);
    this.#firstChannel = bytes >>> 2;
    const lengthWord = this.#firstChannel + CHANNELS;
    this.machine = new Machine(this.#main + 1, lengthWord + 1, (thread, site) =>
      this.#describe(thread, site),
    );
    if (this.#isGrowing) for (const port of this.machine.ports) port.growingWords = this.#firstChannel;
    this.#threads = this.machine.ports.map((port) => this.build.open(port, bytes, lengthWord));
    this.#before = (scenario.before ?? []).map((line) => {
      const [thread, operation] = line.split(": ");
      return [Number(thread), parseOperation(operation), operation];
    });
    this.#scripts = scenario.threads.map((script) => script.map((line) => [parseOperation(line), line]));
    this.#clear();
    this.#committed = this.#alone(this.#main, "committedBytes");
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
    this.#reserved = 0;
    for (const thread of this.#threads) thread.reset();
    this.#alone(this.#main, "initialise", true);
  }

  /** Live blocks are whole; and when all is given back, a new heap's number of blocks can be had again. */
  finish(): void {
    const { machine } = this;
    const port = machine.ports[this.#main];
    machine.finish();
    const { dies } = this.scenario;
    const died = dies !== undefined && machine.hasCrashed(dies);
    if (died) this.deaths++;
    this.#expectAgreement();
    if (!died) this.#expectCounts();
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
  #expectCounts(): void {
    const miscounted = this.#alone(this.#main, "miscountedSuperSlabs");
    if (miscounted !== 0) throw new Violation(`SuperSlabs are miscounted by ${miscounted}`);
  }

  /** All thread slots but the main thread's are free, or kept for somebody. */
  #expectSlots(): void {
    let free = 0;
    while (free < this.#spec.threads && this.#alone(this.#main, "reserveSlot") >= 0) free++;
    const expected = this.#spec.threads - 1 - this.#reserved;
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

  *#perform(thread: number, operation: Operation, line: string): Generator<unknown, void, number> {
    this.narrate?.(thread, line);
    const { call } = this.#threads[thread];
    const port = this.machine.ports[thread];
    switch (operation.call) {
      case "malloc":
      case "calloc":
      case "memalign":
      case "realloc": {
        const { block, size } = operation;
        const old = operation.old === undefined ? undefined : this.#ghost.dismiss(port, operation.old);
        const ptr = yield* allocate(call, operation, old?.ptr ?? 0);
        if (ptr === 0) {
          if (old !== undefined) this.#ghost.keep(old);
          if (!operation.mayFail) throw new Violation(`${line}: the heap says that it is full`);
          return;
        }
        if (old !== undefined) this.#ghost.expectMoved(port, block, ptr, old);
        if (operation.call === "calloc") this.#ghost.expectZero(port, block, ptr, size);
        this.#ghost.admit(port, block, ptr, size, yield* number(call.usableSize(ptr)));
        return;
      }
      case "free": {
        const block = this.#ghost.dismiss(port, operation.block);
        if (block !== undefined) yield* call.free(block.ptr);
        return;
      }
      case "send":
        yield port.atomicStore(this.#channel(operation.block), 1, USER_SITE);
        return;
      case "receive":
        while ((yield port.atomicLoad(this.#channel(operation.block), USER_SITE)) === 0) port.pause();
        return;
      case "attach":
        yield* call.attach(-1);
        return;
      case "detach":
        yield* call.detach();
        return;
      case "reclaim":
        // Of a slot that was kept nothing is to be recovered.
        if ((yield* number(call.reclaimSlot(operation.thread))) && operation.thread >= this.#main)
          this.#reserved--;
        return;
      case "reserve":
        if ((yield* number(call.reserveSlot())) >= 0) this.#reserved++;
        return;
      case "footprint": {
        const bytes = (yield* number(call.committedBytes())) - this.#committed;
        const pages = bytes >>> this.#spec.pageShift;
        if (pages > operation.pages) throw new Violation(`${line}: the heap has committed ${pages} pages`);
      }
    }
  }

  #channel(block: string): number {
    const known = this.#channels.get(block) ?? this.#channels.size;
    this.#channels.set(block, known);
    return this.#firstChannel + known;
  }

  #describe(thread: number, site: number): string {
    const where = this.build.sites[site];
    const name = thread === this.#main ? "the main thread" : `thread ${thread}`;
    return where === undefined
      ? `${name}'s own code`
      : `${name}, ${where.file}:${where.line} (${where.text})`;
  }
}

function* number(body: Body): Generator<Access, number, number> {
  return (yield* body as Generator<Access, unknown, number>) as number;
}

function allocate(
  call: CheckedThread["call"],
  operation: Extract<Operation, { size: number }>,
  old: number,
): Generator<Access, number, number> {
  const { size, alignment = 0 } = operation;
  switch (operation.call) {
    case "malloc":
      return number(call.malloc(size));
    case "calloc":
      return number(call.calloc(1, size));
    case "memalign":
      return number(call.memalign(alignment, size));
    case "realloc":
      return number(call.realloc(old, size));
  }
}

/** The smallest heap that has so many pages for blocks: how many its metadata fills depends on its size. */
function bytesFor(pages: number, pageShift: number, build: CheckedBuild): number {
  for (let endPage = pages + 1; ; endPage++) {
    const bytes = endPage << pageShift;
    if (endPage - build.firstPage(bytes) === pages) return bytes;
  }
}
