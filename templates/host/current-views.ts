/**
 * Views that are current whenever they are read, of a memory that {@when spec.manyThreads} any
 * thread {@else} somebody else {@end} may grow at any time.
 */
import { seeMemory } from "../kernel/growth";
import type { Heap } from "./api";
import { buffer, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64 } from "./memory";

const currentViews = {
  get buffer() {
    seeMemory();
    return buffer;
  },
  get u8() {
    seeMemory();
    return u8;
  },
  get i8() {
    seeMemory();
    return i8;
  },
  get u16() {
    seeMemory();
    return u16;
  },
  get i16() {
    seeMemory();
    return i16;
  },
  get u32() {
    seeMemory();
    return u32;
  },
  get i32() {
    seeMemory();
    return i32;
  },
  get f32() {
    seeMemory();
    return f32;
  },
  get f64() {
    seeMemory();
    return f64;
  },
  get i64() {
    seeMemory();
    return i64;
  },
  get u64() {
    seeMemory();
    return u64;
  },
};

/**
 * The heap with such views. They stand in front of it: accessors among the calls would slow those
 * down.
 */
export function withCurrentViews(heap: Heap): Heap {
  return Object.create(heap, Object.getOwnPropertyDescriptors(currentViews));
}
