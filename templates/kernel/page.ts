/** Pages: the unit of everything larger than a block. */
import { spec } from "./spec";
import type { Page, Ptr } from "./types";

export const PAGE_SHIFT = spec.pageShift;
export const PAGE_BYTES = 1 << spec.pageShift;

/** @inline Byte address of a page. */
export function addressOf(page: Page): Ptr {
  return page * PAGE_BYTES;
}
