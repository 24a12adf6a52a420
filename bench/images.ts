/**
 * Images of a heap of 64 MiB with 8 MiB in use, of which 1 % has changed since: what it costs to
 * save it, to take a delta, to apply it, to roll back, to restore and to open, beside a copy of the
 * whole buffer.
 *
 *     npx tsx bench/images.ts
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Table from "cli-table3";
import { median, min } from "simple-statistics";
import { generateVariant } from "../generator/pipeline.ts";
import { writeVariant } from "../generator/write-variant.ts";
import { loadSpec } from "../spec/load-spec.ts";
import type { Heap, HeapImage, HeapOptions } from "../templates/host/api.ts";
import type * as Images from "../templates/image.ts";

interface Build {
  createHeap(options: HeapOptions): Heap;
  openHeap(image: HeapImage): Heap;
}

const MiB = 2 ** 20;
const ROUNDS = 21;
const HEAP_BYTES = 64 * MiB;
const BYTES_IN_USE = 8 * MiB;
/** One block in a hundred is written, a line of it at least. */
const CHANGED = 0.01;

const figures = new Map<string, { bytes: number; milliseconds: number[] }>();

/** Does something, and notes how long it took and how many bytes came of it. */
function measure<Result>(what: string, run: () => Result, bytesOf: (result: Result) => number): Result {
  const start = performance.now();
  const result = run();
  const milliseconds = performance.now() - start;
  const figure = figures.get(what) ?? { bytes: 0, milliseconds: [] };
  figures.set(what, figure);
  figure.bytes = bytesOf(result);
  figure.milliseconds.push(milliseconds);
  return result;
}

/** Blocks of 16 to 2,048 bytes, a third of them freed again, until so many bytes are in use. */
function fill(heap: Heap): number[] {
  const blocks: number[] = [];
  for (let i = 0; heap.stats().liveBytes < BYTES_IN_USE; i++) {
    for (let j = 0; j < 500; j++) {
      const size = 16 << ((i * 7 + j * 5) & 7);
      const ptr = heap.malloc(size);
      heap.u32.fill(i + j, ptr >>> 2, (ptr + size) >>> 2);
      blocks.push(ptr);
    }
    for (let j = 0; j < 150; j++) heap.free(blocks.splice((i * 31 + j * 17) % blocks.length, 1)[0]);
  }
  return blocks;
}

/**
 * Writes into blocks here and there, and frees and allocates some, until 1 % of what is in use was
 * written.
 */
function change(heap: Heap, blocks: number[], round: number): void {
  let left = BYTES_IN_USE * CHANGED;
  for (let i = round; left > 0; i++) {
    const at = Math.imul(i, 0x9e3779b1) >>> 0;
    const ptr = blocks[at % blocks.length];
    const size = heap.usableSize(ptr);
    heap.u32.fill(at, ptr >>> 2, (ptr + size) >>> 2);
    left -= size;
    if ((i & 7) === 0) {
      heap.free(ptr);
      blocks[at % blocks.length] = heap.malloc(size);
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), "slabsmith-images-"));
try {
  const home = writeVariant(await generateVariant(await loadSpec("single")), folder);
  const load = (file: string) => import(pathToFileURL(join(home, file)).href);
  const { createHeap, openHeap }: Build = await load("index.js");
  const { saveImage, deltaOf, applyDelta, rollBack, restoreImage }: typeof Images = await load("image.js");

  const heap = createHeap({ maxBytes: HEAP_BYTES });
  const blocks = fill(heap);
  const length = (bytes: Uint8Array) => bytes.length;
  for (let round = 0; round < ROUNDS; round++) {
    measure("copy of the buffer", () => heap.u8.slice(), length);
    const image = measure("saveImage", () => saveImage(heap), length);
    change(heap, blocks, round * 1000);
    const delta = measure("deltaOf", () => deltaOf(image, heap), length);
    const later = measure("applyDelta", () => applyDelta(image, delta), length);
    measure(
      "rollBack",
      () => rollBack(heap, image),
      () => image.length,
    );
    rollBack(heap, later);
    const memory = measure(
      "restoreImage",
      () => restoreImage(later) as ArrayBuffer,
      () => later.length,
    );
    measure(
      "openHeap, in place",
      () => openHeap(memory),
      () => 0,
    );
  }

  const table = new Table({ head: ["", "bytes", "median ms", "least ms"], style: { head: [], border: [] } });
  for (const [what, { bytes, milliseconds }] of figures) {
    table.push([
      what,
      bytes === 0 ? "" : bytes.toLocaleString("en"),
      median(milliseconds).toFixed(2),
      min(milliseconds).toFixed(2),
    ]);
  }
  const { liveBytes, committedBytes } = heap.stats();
  process.stdout.write(
    `${liveBytes.toLocaleString("en")} bytes in use, ${committedBytes.toLocaleString("en")} committed, ${ROUNDS} rounds\n${table}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
