/** Bounds of a heap that is linked into a program: they are known, and so is all of its layout. */
import { initialise } from "../kernel/initialise";
import { spec } from "../kernel/spec";
import type { Page } from "../kernel/types";

/** First page the heap may use; the pages before it are the program's. */
export const basePage: Page = spec.memory.basePage;
/** The page behind the last one. */
export const endPage: Page = spec.memory.maxPages;

/** Makes the heap in memory that is zero. False: there is no room. */
export function beginZeroed(): boolean {
  return initialise(true);
}

/** The same where somebody may have written there. */
export function begin(): boolean {
  return initialise(false);
}
