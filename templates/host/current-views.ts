/** Views that are current whenever they are read, of a memory that {@when spec.manyThreads} any thread {@else} somebody else {@end} may grow at any time. */
import { haveViewsGone, seeGrowth } from "../kernel/growth";
import { spec } from "../kernel/spec";
import type { Heap } from "./api";
import { buffer, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64 } from "./memory";

const currentViews = {
  get buffer() {
    see();
    return buffer;
  },
  get u8() {
    see();
    return u8;
  },
  get i8() {
    see();
    return i8;
  },
  get u16() {
    see();
    return u16;
  },
  get i16() {
    see();
    return i16;
  },
  get u32() {
    see();
    return u32;
  },
  get i32() {
    see();
    return i32;
  },
  get f32() {
    see();
    return f32;
  },
  get f64() {
    see();
    return f64;
  },
  get i64() {
    see();
    return i64;
  },
  get u64() {
    see();
    return u64;
  },
};

/** Views reach as far as the memory does. */
function see(): void {
  if (spec.threads > 1) seeGrowth();
  else haveViewsGone();
}

/** The heap with such views. They stand in front of it: accessors among the calls would slow those down. */
export function withCurrentViews(heap: Heap): Heap {
  return Object.create(heap, Object.getOwnPropertyDescriptors(currentViews));
}
