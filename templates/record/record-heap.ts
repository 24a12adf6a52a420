/** `recordHeap`: a heap that records what is asked of it. */
import { Kind, NO_SIZE } from "./event.ts";
import type { EventLog } from "./event-log.ts";
import { joinRecording, type RecordingHandle } from "./many-threads.ts";
import { type AllocatorCalls, recordCalls } from "./record-calls.ts";
import { beginRecording, type Recording, type RecordOptions, type ThreadRecording } from "./recording.ts";
import type { Sink } from "./sink.ts";

/** What is asked of a heap here. */
export interface RecordableHeap extends AllocatorCalls {
  reset?(): void;
  blocks?(): Iterable<{ readonly ptr: number; readonly size: number; readonly used: boolean }>;
  stats?(): { readonly liveBlocks: number };
  /** Of builds for several threads. */
  readonly threadSlot?: number;
}

/** The heap's own type, and its recording. */
export type Recorded<H> = H & { readonly recording: Recording };

/**
 * A heap of the same type over the same memory. What is called on it is recorded, in the trace
 * format, to the sink: a file's path (Node, Bun, Deno), a function, a stream; or, in a worker that
 * shares the heap, the `recording.handle` of the heap that records already.
 *
 * Without a sink the heap records if the program runs under `slabsmith record`; otherwise it is
 * returned as it is, and nothing costs anything.
 *
 * Blocks that are live already come first, where the build has `blocks()`. A sink that fails ends
 * the recording; `recording.end()` rejects with its error. Throws what opening a file throws.
 */
export function recordHeap<H extends RecordableHeap>(
  heap: H,
  sink: RecordingHandle,
): H & { readonly recording: ThreadRecording };
export function recordHeap<H extends RecordableHeap>(
  heap: H,
  sink: Sink,
  options?: RecordOptions,
): Recorded<H>;
export function recordHeap<H extends RecordableHeap>(
  heap: H,
  sink?: Sink | RecordingHandle,
  options?: RecordOptions,
): H & { readonly recording?: Recording };
export function recordHeap<H extends RecordableHeap>(
  heap: H,
  sink?: Sink | RecordingHandle,
  options: RecordOptions = {},
): H & { readonly recording?: ThreadRecording } {
  if (isHandle(sink)) {
    const { log, thread } = joinRecording(sink);
    return recordedHeap(heap, log, { thread, handle: sink });
  }
  const recording = beginRecording(sink, options, heap.threadSlot !== undefined);
  if (recording === undefined) return heap;
  recordLiveBlocks(heap, recording.log);
  return recordedHeap(heap, recording.log, recording);
}

const isHandle = (sink: Sink | RecordingHandle | undefined): sink is RecordingHandle =>
  typeof sink === "object" && "counters" in sink;

function recordedHeap<H extends RecordableHeap>(heap: H, log: EventLog, recording: ThreadRecording) {
  const members = mirrorOf(heap);
  return Object.assign(members, recordCalls(members, log), resetOf(members, log), { recording });
}

function recordLiveBlocks(heap: RecordableHeap, log: EventLog): void {
  if (heap.stats?.().liveBlocks === 0) return;
  for (const { ptr, size, used } of heap.blocks?.() ?? []) if (used) log.write(ptr | Kind.malloc, ~size);
}

function resetOf({ reset }: RecordableHeap, log: EventLog): Pick<RecordableHeap, "reset"> {
  if (reset === undefined) return {};
  return {
    reset() {
      reset();
      log.write(Kind.reset, NO_SIZE);
    },
  };
}

/**
 * An object with the members of a heap: functions that need no `this`, and everything else as it is
 * in the heap when it is read, as views of a memory that grows. Accessors stand behind the
 * functions, not among them: V8 would look those up in a dictionary.
 */
function mirrorOf<H extends RecordableHeap>(heap: H): H {
  const accessors: PropertyDescriptorMap = {};
  const functions: Record<PropertyKey, unknown> = {};
  for (const name of memberNames(heap)) {
    const member = heap[name as keyof H];
    if (typeof member !== "function") {
      accessors[name] = { enumerable: true, get: () => heap[name as keyof H] };
    } else {
      functions[name] = Object.hasOwn(heap, name) ? member : member.bind(heap);
    }
  }
  return Object.assign(Object.create(Object.create(null, accessors)), functions);
}

function memberNames(heap: object): PropertyKey[] {
  const names = new Set<PropertyKey>();
  for (let each = heap; each !== Object.prototype && each !== null; each = Object.getPrototypeOf(each)) {
    for (const name of Reflect.ownKeys(each)) if (name !== "constructor") names.add(name);
  }
  return [...names];
}
