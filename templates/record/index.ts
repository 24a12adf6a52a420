/** `slabsmith/record`: heaps and Wasm imports that record what is asked of them. */
export type { RecordingHandle } from "./many-threads.ts";
export { type RecordableHeap, type Recorded, recordHeap } from "./record-heap.ts";
export { type AllocatorImports, recordImports } from "./record-imports.ts";
export type { Recording, RecordOptions, Summary, ThreadRecording } from "./recording.ts";
export type { Sink } from "./sink.ts";
