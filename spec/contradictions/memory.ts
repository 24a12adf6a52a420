/** Address space, kind of memory, geometry. */
import type { Choices } from "../schema.ts";
import { largestSlab } from "../slab-spans.ts";
import type { Finding } from "./rule.ts";

/** Addresses have 32 bits. */
const MAX_ADDRESS = 2 ** 32;
/** Unit in which a WebAssembly.Memory is sized. */
const WASM_PAGE = 65536;

export function* addressSpace({ memory, geometry, threads }: Choices): Iterable<Finding> {
  const { maxBytes, baseBytes } = memory;
  const { pageBytes, slabBytes } = geometry;
  if (maxBytes > MAX_ADDRESS) {
    yield [
      "memory.maxBytes",
      `${maxBytes} bytes are more than 32-bit addresses reach`,
      `use at most ${MAX_ADDRESS}`,
    ];
  }
  for (const [key, bytes] of [
    ["maxBytes", maxBytes],
    ["baseBytes", baseBytes],
  ] as const) {
    if (bytes % pageBytes === 0) continue;
    yield [
      `memory.${key}`,
      `${bytes} is not a multiple of geometry.pageBytes ${pageBytes}`,
      `use ${Math.ceil(bytes / pageBytes) * pageBytes}`,
    ];
  }
  if (baseBytes >= maxBytes) {
    yield [
      "memory.baseBytes",
      `${baseBytes} leaves nothing of memory.maxBytes ${maxBytes}`,
      "lower baseBytes or raise maxBytes",
    ];
    return;
  }
  const metadata = leastMetadataBytes(Math.ceil((maxBytes - baseBytes) / pageBytes), threads);
  if (maxBytes - baseBytes < Math.ceil(metadata / pageBytes) * pageBytes + slabBytes) {
    yield [
      "memory.maxBytes",
      `${maxBytes - baseBytes} bytes behind baseBytes do not hold the metadata and one slab of ${slabBytes}`,
      "raise maxBytes or lower geometry.slabBytes",
    ];
  }
}

/**
 * What the tables take at the very least: a few words per page and thread. The kernel's records
 * decide the rest.
 */
function leastMetadataBytes(pages: number, threads: number): number {
  return 4 * (64 + 8 * threads + 8 * pages);
}

export function* memoryKind({ memory, threads }: Choices): Iterable<Finding> {
  if (memory.kind === "ArrayBuffer" && threads > 1) {
    yield [
      "memory.kind",
      `an ArrayBuffer cannot be shared by threads ${threads}`,
      'use "SharedArrayBuffer" or "WebAssembly.Memory", or threads 1',
    ];
  }
  if (memory.kind !== "WebAssembly.Memory") return;
  if (memory.maxBytes % WASM_PAGE !== 0) {
    yield [
      "memory.maxBytes",
      `${memory.maxBytes} is not a multiple of ${WASM_PAGE}, the page of a WebAssembly.Memory`,
      `use ${Math.ceil(memory.maxBytes / WASM_PAGE) * WASM_PAGE}`,
    ];
  }
  if (memory.prefault) {
    yield [
      "memory.prefault",
      "a WebAssembly.Memory grows: the pages to touch are not there yet",
      "leave it out, or use another memory.kind",
    ];
  }
}

export function* geometry({
  geometry: { superSlabBytes, slabBytes, pageBytes },
}: Choices): Iterable<Finding> {
  const largest = largestSlab({ superSlabBytes });
  if (slabBytes % pageBytes !== 0) {
    yield [
      "geometry.slabBytes",
      `${slabBytes} is not a multiple of geometry.pageBytes ${pageBytes}`,
      `use ${Math.ceil(slabBytes / pageBytes) * pageBytes}, or smaller pages`,
    ];
  }
  if (slabBytes > largest) {
    yield [
      "geometry.slabBytes",
      `${slabBytes} is above a quarter of geometry.superSlabBytes ${superSlabBytes}`,
      `use at most ${largest}`,
    ];
  } else if (superSlabBytes % slabBytes !== 0) {
    yield [
      "geometry.superSlabBytes",
      `${superSlabBytes} is not a multiple of geometry.slabBytes ${slabBytes}`,
      `use a power of two up to ${largest} as slabBytes`,
    ];
  }
}
