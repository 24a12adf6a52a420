/**
 * Growing memory: what stands in for the host's WebAssembly.Memory where threads are simulated. How
 * long the memory is, is a word that they share, and a thread's views show what there was when it
 * looked last.
 */
import { mapModules, type Program } from "../stages/program.ts";

/** The host module that touches the memory itself. */
const HOST_MEMORY = "host/memory.ts";

/**
 * To grow is one step for a WebAssembly.Memory: here it has happened with the exchange that
 * succeeds.
 */
const text = `
import { atomicCas, atomicLoad } from "../kernel/intrinsics";
import { PAGE_BYTES } from "../kernel/page";

declare const memory: { show(words: number): void };
declare const options: { maxBytes: number; lengthWord: number };

declare const spec: { memory: { basePage: number } };

export const basePage = spec.memory.basePage;
export const endPage = options.maxBytes / PAGE_BYTES;
let buffer = { byteLength: 0 };

export function memoryPages(): number {
  return Math.floor(buffer.byteLength / PAGE_BYTES);
}

export function growMemory(bytes: number): boolean {
  const missing = bytes - buffer.byteLength;
  if (missing <= 0) return true;
  let length = atomicLoad(options.lengthWord);
  let seen = length;
  do {
    length = seen;
    if (length + missing > options.maxBytes) return false;
    seen = atomicCas(options.lengthWord, length, length + missing);
  } while (seen !== length);
  show(length + missing);
  return true;
}

export function lookAtMemory(): void {
  show(atomicLoad(options.lengthWord));
}

function show(bytes: number): void {
  buffer = { byteLength: bytes };
  memory.show(bytes >>> 2);
}
`;

export function withGrowingMemory(kernel: Program): Program {
  return mapModules(kernel, (module) => (module.path === HOST_MEMORY ? text : module.text));
}
