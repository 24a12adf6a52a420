/**
 * P10, the mmap gate: a thread that has had a SuperSlab gets the next one after so many slabs.
 * Before that it is told that there is none, looks through everything it owns for blocks freed
 * since, and may then ask.
 */
import { load32, store32 } from "../intrinsics";
import { thread } from "../memory-map";
import { ThreadSlot } from "../records";
import { spec } from "../spec";

/** Whether this thread may ask for a SuperSlab. */
export function isGateOpen(): boolean {
  return load32(thread + ThreadSlot.gate) === 0;
}

/** The thread has looked through what it owns. */
export function openGate(): void {
  store32(thread + ThreadSlot.gate, 0);
}

/** The thread has got slabs: of a SuperSlab of its own asking, or of one in use. */
export function passGate(asked: boolean): void {
  const gate = thread + ThreadSlot.gate;
  if (asked) store32(gate, spec.refill.mmapGate);
  else if (load32(gate) !== 0) store32(gate, load32(gate) - 1);
}
