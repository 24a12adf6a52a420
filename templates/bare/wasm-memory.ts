/** Memory of a heap inside a Wasm module: pages of 64 KiB, asked for as the heap needs them. */
import { ceilDiv, memoryGrow, memorySize } from "../kernel/intrinsics";
import { PAGE_SHIFT } from "../kernel/page";
import type { Page, Size } from "../kernel/types";

const WASM_PAGE = 65536;
const WASM_PAGE_SHIFT = 16;

/** Pages that the memory has, whoever has grown it. */
export function memoryPages(): Page {
  return memorySize() << (WASM_PAGE_SHIFT - PAGE_SHIFT);
}

/** Grows the memory to at least so many bytes; false when it cannot. */
export function growMemory(bytes: Size): boolean {
  const wanted = ceilDiv(bytes, WASM_PAGE);
  const length = memorySize();
  return wanted <= length || memoryGrow(wanted - length);
}
