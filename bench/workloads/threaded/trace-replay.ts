/**
 * W7: a recorded trace on the threads that it names, the n-th on thread n modulo as many as there
 * are.
 *
 * Each thread makes its calls in the order of the trace. Where another thread goes on with a block,
 * the block is handed over, so nobody frees what is not allocated yet; otherwise the threads are
 * free to drift. Blocks travel together, and set out when their taker needs one at the latest: then
 * the giver sends them before all that it does later in the trace, so threads cannot wait for each
 * other in a circle.
 */
import { type Parcel, STEP_BITS } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";
import { KIND_BITS, KIND_MASK, Kind, type Trace } from "../../trace.ts";

const LARGEST_PARCEL = 64;
/** A step has this much room for a slot, and a slot is an ID. */
const MAX_IDS = 1 << (31 - STEP_BITS);

export function threadedReplay(trace: Trace): Description {
  return {
    id: `W7/${trace.name}`,
    name: `trace ${trace.name} of ${trace.threads} threads`,
    doc: "every call of a recorded program, on its threads",
    write(writers) {
      if (trace.ids > MAX_IDS) throw new RangeError(`${trace.ids} IDs are more than a script can name`);
      const threadAt = (index: number): number => (trace.threadOf[index] as number) % writers.length;
      const nextUser = nextUsers(trace, threadAt);
      // Per giver and taker: IDs that wait to travel. Per ID: the parcel in which it came.
      const outgoing = writers.map(() => writers.map(() => [] as number[]));
      const incoming = new Map<number, { parcel: Parcel; ids: readonly number[] }>();

      const send = (from: number, to: number): void => {
        const ids = outgoing[from]?.[to] as number[];
        if (ids.length === 0) return;
        const sent = { parcel: (writers[from] as (typeof writers)[number]).give(ids), ids: [...ids] };
        for (const id of ids) incoming.set(id, sent);
        ids.length = 0;
      };
      const receive = (id: number, thread: number): void => {
        const from = holders[id] as number;
        if (!incoming.has(id)) send(from, thread);
        const { parcel, ids } = incoming.get(id) as { parcel: Parcel; ids: readonly number[] };
        writers[thread]?.take(parcel, ids);
        for (const each of ids) {
          incoming.delete(each);
          holders[each] = thread;
        }
      };
      const holders = new Int32Array(trace.ids).fill(-1);

      for (let index = 0; index < trace.operations; index++) {
        const word = trace.words[index * 2] as number;
        const size = trace.words[index * 2 + 1] as number;
        const id = word >>> KIND_BITS;
        const thread = threadAt(index);
        const writer = writers[thread] as (typeof writers)[number];
        if (holders[id] !== -1 && holders[id] !== thread) receive(id, thread);
        holders[id] = thread;
        switch (word & KIND_MASK) {
          case Kind.malloc:
            writer.malloc(id, size);
            break;
          case Kind.calloc:
            writer.calloc(id, size);
            break;
          case Kind.memalign:
            writer.memalign(id, size, trace.alignments[id] as number);
            break;
          case Kind.realloc:
            writer.realloc(id, size);
            break;
          default:
            writer.free(id);
        }
        const user = nextUser[index] as number;
        if (user === -1 || user === thread) continue;
        const waiting = outgoing[thread]?.[user] as number[];
        waiting.push(id);
        if (waiting.length === LARGEST_PARCEL) send(thread, user);
      }
    },
  };
}

/** Per operation: the thread of the block's next one, or -1. */
function nextUsers(trace: Trace, threadAt: (index: number) => number): Int32Array {
  const users = new Int32Array(trace.operations);
  const userOf = new Int32Array(trace.ids).fill(-1);
  for (let index = trace.operations - 1; index >= 0; index--) {
    const id = (trace.words[index * 2] as number) >>> KIND_BITS;
    users[index] = userOf[id] as number;
    userOf[id] = threadAt(index);
  }
  return users;
}
