/**
 * Guard reports: what a guard has found, in words, with what is known of the block. {@when
 * spec.guards.throws} It is thrown. {@else} It is counted, and printed to the console {@when
 * spec.observe.logLimit > 0} up to its limit (G7) {@end}. {@end}
 */
import {
  allocatedBy,
  BLOCK_FREED,
  BLOCK_UNUSED,
  blockState,
  bytesAskedFor,
  freedBy,
  mayBeBlock,
} from "../kernel/guards/block-states";
import { NO_SIZE, tally } from "../kernel/observe/counters";
import { HIT, note } from "../kernel/observe/trace-ring";
import { Heap } from "../kernel/records";
import { spec } from "../kernel/spec";
import { count } from "../kernel/statistics";
import { type BlockHistory, HeapCorruptionError } from "./api";
import { ownEvents } from "./events";
import { allocationStack, freeStack } from "./stacks";

/** By kind: what a guard asks for, and what it is called when that does not hold. */
const INVARIANTS = [
  spec.guards.states ? "a block is freed once: double free" : "",
  "a block starts at an address that is given back: invalid free",
  spec.guards.redZone > 0 ? "the bytes behind a block stay as they are: overrun" : "",
  spec.guards.redZone > 0 ? "the bytes before a block stay as they are: underrun" : "",
  spec.guards.headers ? "a block's header stays as it is: header damage" : "",
  spec.guards.states ? "a freed block is left alone: use after free" : "",
  spec.guards.lists ? "a free block links to a block of its class: damaged link" : "",
  spec.guards.ownership ? "a slab is changed by its owner: foreign slab" : "",
];

/** Events that an error shows. */
const SHOWN_EVENTS = 8;

/** How often each kind was printed. */
const printed = INVARIANTS.map(() => 0);

export function report(kind: number, ptr: number, at: number): void {
  if (spec.observe.events > 0) note(HIT, kind, at);
  const error = new HeapCorruptionError(INVARIANTS[kind], at);
  if (spec.guards.states) describe(error, ptr);
  if (spec.observe.events > 0) {
    error.events = ownEvents(SHOWN_EVENTS);
    error.message += `\nlast events of this thread:${error.events.map((event) => `\n  ${event}`).join("")}`;
  }
  if (spec.guards.throws) {
    throw error;
  } else {
    count(Heap.guardHits);
    if (spec.observe.logLimit > 0) print(kind, error.message);
  }
}

/** A number that is no size or no alignment; 0 where that is the answer. */
export function refuse(what: string, value: number): 0 {
  if (spec.observe.counters) tally(NO_SIZE);
  if (spec.guards.arguments) {
    throw new RangeError(`${what} ${value} is none that this heap can have`);
  } else {
    return 0;
  }
}

/** Adds what is known of the block. */
function describe(error: HeapCorruptionError, ptr: number): void {
  if (!mayBeBlock(ptr) || blockState(ptr) === BLOCK_UNUSED) return;
  const isFreed = blockState(ptr) === BLOCK_FREED;
  const history: BlockHistory = {
    ptr,
    size: bytesAskedFor(ptr),
    isFreed,
    /** @when spec.manyThreads */
    allocatedBy: allocatedBy(ptr),
    /** @when spec.manyThreads */
    freedBy: isFreed ? freedBy(ptr) : -1,
    /** @when spec.guards.stacks */
    allocationStack: allocationStack(ptr),
    /** @when spec.guards.stacks */
    freeStack: isFreed ? freeStack(ptr) : "",
  };
  error.history = history;
  const by = spec.threads > 1 ? ` of thread ${allocatedBy(ptr)}` : "";
  const freed = isFreed ? `, freed${spec.threads > 1 ? ` by thread ${freedBy(ptr)}` : ""}` : "";
  error.message += `; block 0x${ptr.toString(16)}${by}, ${bytesAskedFor(ptr)} bytes${freed}`;
  if (spec.guards.stacks) {
    if (allocationStack(ptr) !== "") error.message += `\nallocated\n${allocationStack(ptr)}`;
    if (isFreed && freeStack(ptr) !== "") error.message += `\nfreed\n${freeStack(ptr)}`;
  }
}

/** What runtimes print to; no other part of the library is used. */
type Console = { console?: { error(message: string): void } };

function print(kind: number, message: string): void {
  if (printed[kind] >= spec.observe.logLimit) return;
  printed[kind]++;
  const last = printed[kind] === spec.observe.logLimit;
  const limit = last ? "\n(this message has reached its limit)" : "";
  (globalThis as Console).console?.error(`slabsmith: ${message}${limit}`);
}
