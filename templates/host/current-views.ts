/** Views that are current whenever they are read, of a memory that any thread may grow at any time. */
import { seeGrowth } from "../kernel/growth";
import type { Heap } from "./api";
import { buffer, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64 } from "./memory";

const currentViews = {
  get buffer() {
    seeGrowth();
    return buffer;
  },
  get u8() {
    seeGrowth();
    return u8;
  },
  get i8() {
    seeGrowth();
    return i8;
  },
  get u16() {
    seeGrowth();
    return u16;
  },
  get i16() {
    seeGrowth();
    return i16;
  },
  get u32() {
    seeGrowth();
    return u32;
  },
  get i32() {
    seeGrowth();
    return i32;
  },
  get f32() {
    seeGrowth();
    return f32;
  },
  get f64() {
    seeGrowth();
    return f64;
  },
  get i64() {
    seeGrowth();
    return i64;
  },
  get u64() {
    seeGrowth();
    return u64;
  },
};

/** The heap with such views. They stand in front of it: accessors among the calls would slow those down. */
export function withCurrentViews(heap: Heap): Heap {
  return Object.create(heap, Object.getOwnPropertyDescriptors(currentViews));
}
