/**
 * Size classes (M1): the class of a size is one table look-up.
 */

import { sizeClassTable } from "../host/size-class-table";
import { table8, table32 } from "./intrinsics";
import { spec } from "./spec";
import type { ClassIndex, Size } from "./types";

/** Block stride in bytes of each class. */
export const CLASS_BYTES = table32(spec.classBytes);
/** Pages of a slab of each class. */
const CLASS_PAGES = table8(spec.classPages);
/** @inline Pages of a slab of a class. */
export function pagesOfSlab(c: ClassIndex): number {
  return spec.slab.uniform ? spec.slab.pages : CLASS_PAGES[c];
}

/** The smallest class that holds a size, by the size in units of the alignment. */
const SIZE_CLASS = sizeClassTable(CLASS_BYTES, spec.alignShift);

/** Largest request that a size class serves. */
export const MAX_CLASS_BYTES = spec.maxClassBytes;
/** Every block starts at a multiple of this. */
export const ALIGNMENT = 1 << spec.alignShift;

/** @inline Class of a request of 0 … MAX_CLASS_BYTES bytes. */
export function classOf(size: Size): ClassIndex {
  return SIZE_CLASS[(size + (spec.headerBytes + (1 << spec.alignShift) - 1)) >>> spec.alignShift];
}
