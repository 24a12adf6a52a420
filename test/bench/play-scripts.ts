import { STEP_BITS, STEP_MASK, Step } from "../../bench/threads/script.ts";
import type { ThreadedWorkload } from "../../bench/threads/threaded-workload.ts";
import { xorshift32 } from "../../bench/workloads/random.ts";

/** What came of a run. */
export interface Outcome {
  operations: number;
  /** Calls that laps counted. */
  counted: number;
  liveBlocks: number;
  peakLiveBytes: number;
  peakLiveBlocks: number;
  raisedFlags: number;
  /** Blocks that were freed by another thread than allocated them. */
  movedBlocks: number;
}

interface Block {
  readonly size: number;
  readonly allocatedBy: number;
  /** The one place that may use it: a slot of a thread, or a cell. */
  place: string | undefined;
}

/**
 * Plays the scripts without an allocator, step by step in an order that the seed decides, and
 * follows each block: it is an error to use one that is elsewhere, was freed, or never was. The
 * time is over from the start.
 */
export function playScripts({ scripts, flags, cells }: ThreadedWorkload, seed: number): Outcome {
  const random = xorshift32(seed);
  const raised = new Uint8Array(flags);
  const inCell: (Block | undefined)[] = new Array(cells);
  /** What boxes hold: the number of the cell at which blocks lie. */
  const inBox = new Map<number, number>();
  const base = scripts.map(() => 0);
  const inSlot = scripts.map(({ slots }) => new Array<Block | undefined>(slots));
  const at = scripts.map(() => 0);
  const live = { blocks: 0, bytes: 0 };
  const outcome = { operations: 0, counted: 0, peakLiveBytes: 0, peakLiveBlocks: 0, movedBlocks: 0 };

  const allocate = (thread: number, slot: number, size: number): void => {
    outcome.operations++;
    live.bytes += size;
    outcome.peakLiveBytes = Math.max(outcome.peakLiveBytes, live.bytes);
    outcome.peakLiveBlocks = Math.max(outcome.peakLiveBlocks, ++live.blocks);
    const old = inSlot[thread]?.[slot];
    if (old?.place === `${thread}.${slot}`) throw new Error(`thread ${thread} forgets its block in ${slot}`);
    (inSlot[thread] as Block[])[slot] = { size, allocatedBy: thread, place: `${thread}.${slot}` };
  };
  const held = (thread: number, slot: number): Block => {
    const block = inSlot[thread]?.[slot];
    if (block?.place === `${thread}.${slot}`) return block;
    throw new Error(`thread ${thread} uses slot ${slot}, but the block is at ${block?.place}`);
  };
  const release = (thread: number, slot: number): void => {
    const block = held(thread, slot);
    block.place = undefined;
    live.blocks--;
    live.bytes -= block.size;
    if (block.allocatedBy !== thread) outcome.movedBlocks++;
  };

  /** One step; false where the thread has to wait. */
  const step = (thread: number): boolean => {
    const { words } = scripts[thread] as (typeof scripts)[number];
    const i = at[thread] as number;
    const slot = (words[i] as number) >>> STEP_BITS;
    const value = words[i + 1] as number;
    let length = 2;
    switch ((words[i] as number) & STEP_MASK) {
      case Step.malloc:
      case Step.calloc:
        allocate(thread, slot, value);
        break;
      case Step.memalign:
        length = 4;
        allocate(thread, slot, value);
        break;
      case Step.realloc:
        release(thread, slot);
        allocate(thread, slot, value);
        break;
      case Step.free:
        outcome.operations++;
        release(thread, slot);
        break;
      case Step.replace:
        outcome.operations++;
        release(thread, slot);
        allocate(thread, slot, value);
        break;
      case Step.touch:
        held(thread, slot);
        break;
      case Step.put: {
        const block = held(thread, slot);
        const cell = (base[thread] as number) + value;
        const old = inCell[cell];
        if (old?.place === `cell ${cell}`)
          throw new Error(`thread ${thread} forgets the block in ${old.place}`);
        block.place = `cell ${cell}`;
        inCell[cell] = block;
        break;
      }
      case Step.post:
        if (raised[value] === 1) throw new Error(`flag ${value} is up already`);
        raised[value] = 1;
        break;
      case Step.await:
        if (raised[value] === 0) return false;
        raised[value] = 0;
        break;
      case Step.fetch: {
        const cell = (base[thread] as number) + value;
        const block = inCell[cell];
        if (block?.place !== `cell ${cell}`) throw new Error(`cell ${cell} has no block to take`);
        block.place = `${thread}.${slot}`;
        (inSlot[thread] as Block[])[slot] = block;
        break;
      }
      case Step.lap:
        outcome.counted += value;
        break;
      case Step.again:
        break;
      case Step.base:
        base[thread] = value;
        break;
      case Step.swap: {
        const other = inBox.get(value) ?? 0;
        inBox.set(value, base[thread] as number);
        base[thread] = other;
        break;
      }
      default:
        throw new Error(`no such step: ${words[i]}`);
    }
    at[thread] = i + length;
    return true;
  };

  const isDone = (thread: number): boolean => at[thread] === scripts[thread]?.words.length;
  for (;;) {
    const waiting = scripts.map((_, thread) => thread).filter((thread) => !isDone(thread));
    if (waiting.length === 0) break;
    let moved = false;
    for (const thread of waiting) {
      for (let steps = random() % 1000; steps >= 0 && !isDone(thread) && step(thread); steps--) moved = true;
    }
    if (!moved) throw new Error(`threads ${waiting.join(", ")} wait for each other`);
  }
  return {
    ...outcome,
    liveBlocks: live.blocks,
    raisedFlags: raised.filter((flag) => flag === 1).length,
  };
}
