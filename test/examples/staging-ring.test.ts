/**
 * The example of a staging ring: uploads are where WebGPU wants them, keep what was written, and
 * leave nothing behind.
 */
import { expect, test } from "vitest";
import { StagingRing, type Upload } from "../../examples/staging-ring.ts";
import { createHeap } from "../../generated/single/allocator.ts";
import { randomNumbers } from "../support/script.ts";

const FRAMES_IN_FLIGHT = 3;

test("a thousand frames, three in flight", () => {
  const heap = createHeap({ maxBytes: 8 << 20 });
  const ring = new StagingRing(heap);
  const random = randomNumbers(1);
  const inFlight: { upload: Upload; mark: number }[][] = [];
  for (let frame = 0; frame < 1000; frame++) {
    const uploads: { upload: Upload; mark: number }[] = [];
    for (let count = Math.floor(random() * 12); count > 0; count--) {
      const length = 1 + Math.floor(random() ** 4 * 100_000);
      const upload = ring.stage(length);
      if (upload === undefined) throw new Error("the heap is full");
      expect([upload.offset % 256, upload.bytes.length]).toEqual([0, length]);
      const mark = 1 + (frame % 255);
      upload.bytes.fill(mark);
      uploads.push({ upload, mark });
    }
    inFlight.push(uploads);
    ring.submit();
    if (inFlight.length <= FRAMES_IN_FLIGHT) continue;
    for (const { upload, mark } of inFlight.shift() ?? []) {
      expect(upload.bytes.every((byte) => byte === mark)).toBe(true);
    }
    ring.retire();
  }
  for (const _ of inFlight) ring.retire();
  expect(heap.stats().liveBlocks).toBe(0);
  heap.check();
});

test("where frames in flight hold all of it, the oldest one makes room", () => {
  const ring = new StagingRing(createHeap({ maxBytes: 2 << 20 }));
  expect(ring.stage(1 << 20)).toBeDefined();
  ring.submit();
  expect(ring.stage(1 << 20)).toBeUndefined();
  ring.retire();
  expect(ring.stage(1 << 20)).toBeDefined();
  expect(() => ring.retire()).toThrow("no frame is in flight");
});
