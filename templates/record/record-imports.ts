/** `recordImports`: what a Wasm module imports from an allocator, recorded. */
import { type AllocatorCalls, recordCalls } from "./record-calls.ts";
import { beginRecording, type Recording, type RecordOptions } from "./recording.ts";
import type { Sink } from "./sink.ts";

/** The allocator's functions by the names that C knows; a module may import only some of them. */
export interface AllocatorImports {
  malloc?(size: number): number;
  calloc?(count: number, size: number): number;
  realloc?(ptr: number, size: number): number;
  aligned_alloc?(alignment: number, size: number): number;
  free?(ptr: number): void;
}

/**
 * The same imports, whatever else is among them. Calls of the allocator's functions are recorded as
 * those of `recordHeap` are; the sink is the same. Addresses and sizes may be signed, as Wasm
 * passes them. Not for imports that are recorded already because they call a recorded heap.
 */
export function recordImports<I extends AllocatorImports>(
  imports: I,
  sink: Sink,
  options?: RecordOptions,
): { readonly imports: I; readonly recording: Recording };
export function recordImports<I extends AllocatorImports>(
  imports: I,
  sink?: Sink,
  options?: RecordOptions,
): { readonly imports: I; readonly recording?: Recording };
export function recordImports<I extends AllocatorImports>(
  imports: I,
  sink?: Sink,
  options: RecordOptions = {},
): { readonly imports: I; readonly recording?: Recording } {
  const recording = beginRecording(sink, options, false);
  if (recording === undefined) return { imports };
  const { malloc, calloc, realloc, memalign, free } = recordCalls(callsOf(imports), recording.log);
  const recorded = { malloc, calloc, realloc, aligned_alloc: memalign, free };
  const imported = Object.entries(recorded).filter(([name]) => name in imports);
  return { imports: { ...imports, ...Object.fromEntries(imported) }, recording };
}

function callsOf(imports: AllocatorImports): AllocatorCalls {
  const missing = (): never => {
    throw new Error("this function is not imported");
  };
  return {
    malloc: imports.malloc ?? missing,
    calloc: imports.calloc ?? missing,
    realloc: imports.realloc ?? missing,
    memalign: imports.aligned_alloc ?? missing,
    free: imports.free ?? missing,
  };
}
