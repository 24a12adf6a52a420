/**
 * A heap that is saved to a file and opened again. Data in it are linked by addresses, and those
 * stay the same: nothing is serialised, and nothing is parsed. The address of the first note is
 * kept beside the image.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHeap, type Heap, openHeap } from "../generated/single/allocator.ts";
import { applyDelta, deltaOf, restoreImage, rollBack, saveImage } from "../generated/single/image.js";

/** A note: the address of the one before it, its length in bytes, its text. */
function addNote(heap: Heap, before: number, text: string): number {
  const bytes = new TextEncoder().encode(text);
  const note = heap.malloc(8 + bytes.length);
  if (note === 0) throw new Error("the heap is full");
  heap.u32[note >>> 2] = before;
  heap.u32[(note >>> 2) + 1] = bytes.length;
  heap.u8.set(bytes, note + 8);
  return note;
}

/** All notes, the latest first. */
function* notes(heap: Heap, latest: number): Iterable<string> {
  for (let note = latest; note !== 0; note = heap.u32[note >>> 2]) {
    const length = heap.u32[(note >>> 2) + 1];
    yield new TextDecoder().decode(heap.u8.subarray(note + 8, note + 8 + length));
  }
}

const folder = mkdtempSync(join(tmpdir(), "saved-heap-"));
try {
  const heap = createHeap();
  let latest = 0;
  for (let index = 0; index < 1000; index++) latest = addNote(heap, latest, `note ${index}`);
  const image = saveImage(heap);
  writeFileSync(join(folder, "notes.image"), image);
  writeFileSync(join(folder, "notes.root"), String(latest));

  // Later the file needs only what has changed since.
  latest = addNote(heap, latest, "one more");
  writeFileSync(join(folder, "notes.delta"), deltaOf(image, heap));
  writeFileSync(join(folder, "notes.root"), String(latest));

  // Another process opens the heap where the first one stopped.
  const read = (name: string) => readFileSync(join(folder, name));
  const saved = applyDelta(read("notes.image"), read("notes.delta"));
  const opened = openHeap(restoreImage(saved));
  const root = Number(read("notes.root"));
  const all = [...notes(opened, root)];
  console.log(`notes ${all.length}, the latest: ${all[0]}`);
  addNote(opened, root, "written after opening");
  opened.check();

  // In the heap that is still open an image undoes what came after it.
  rollBack(heap, image);
  console.log(`notes after going back ${heap.stats().liveBlocks}`);

  const { size } = statSync(join(folder, "notes.delta"));
  console.log(`the delta is smaller than the image: ${size < image.length / 10}`);
} finally {
  rmSync(folder, { recursive: true });
}
