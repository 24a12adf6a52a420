/**
 * Guarded calls: what users call in a build with guards. Each looks at what it is given, and at
 * what lies around the block, before the allocator's own call has it.
 */
import { refuse } from "../../host/guard-report";
import { endPage } from "../../host/memory";
import { rememberAllocation, rememberFree } from "../../host/stacks";
import { clearBytes, copyBlock } from "../bytes";
import { free } from "../free";
import { haveViewsGone, seeGrowth } from "../growth";
import { load32 } from "../intrinsics";
import { slabOfBlock } from "../large-block";
import { malloc, memalign } from "../malloc";
import { ALLOCATED, GIVEN_BACK, note, REFUSED } from "../observe/trace-ring";
import { owns } from "../owns";
import { addressOf } from "../page";
import { isNoSize } from "../page-block";
import { realloc, usableIn, usableSize } from "../realloc";
import { Slab } from "../records";
import { ALIGNMENT } from "../size-class";
import { spec } from "../spec";
import type { Ptr, Size } from "../types";
import {
  BLOCK_FREED,
  BLOCK_LIVE,
  BLOCK_UNUSED,
  blockState,
  bytesAskedFor,
  mayBeBlock,
  setFreed,
  setLive,
} from "./block-states";
import { DOUBLE_FREE, hit, INVALID_ADDRESS, USE_AFTER_FREE } from "./hit";
import { emptyQuarantine, keepInQuarantine } from "./quarantine";
import { expectHeader, expectZones, fillPoison, fillZones, firstWritten } from "./zones";

export function guardedMalloc(size: Size): Ptr {
  if (isNoRequest(size)) return refuse("malloc: size", size);
  return handOut(takeBlock(size, ALIGNMENT), size);
}

export function guardedCalloc(count: number, size: Size): Ptr {
  if (isNoSize(count)) return refuse("calloc: count", count);
  if (isNoSize(size)) return refuse("calloc: size", size);
  const bytes = count * size;
  if (isNoRequest(bytes)) return refuse("calloc: count * size", bytes);
  const block = takeBlock(bytes, ALIGNMENT);
  if (block !== 0) clearBytes(block, bytes);
  return handOut(block, bytes);
}

export function guardedMemalign(alignment: number, size: Size): Ptr {
  if (isNoRequest(size)) return refuse("memalign: size", size);
  if (isNoSize(alignment) || alignment === 0 || (alignment & (alignment - 1)) !== 0)
    return refuse("memalign: alignment", alignment);
  return handOut(takeBlock(size, alignment), size);
}

export function guardedFree(ptr: Ptr): void {
  if (ptr === 0) return;
  haveViewsGone();
  if (spec.observe.events > 0) note(GIVEN_BACK, 0, ptr);
  if (!isBlock(ptr, DOUBLE_FREE)) return;
  if (spec.guards.states) {
    if (!setFreed(ptr)) {
      // {@when spec.manyThreads} Another thread has freed it since. {@end}
      hit(DOUBLE_FREE, ptr, ptr);
      return;
    }
    if (spec.guards.stacks) rememberFree(ptr);
    freeGuarded(ptr);
  } else if (!spec.guards.headers || expectHeader(ptr, load32(slabOfBlock(ptr) + Slab.class))) {
    free(ptr);
  }
}

/** A block whose length changes much moves, so that who keeps the old address is found. */
export function guardedRealloc(ptr: Ptr, size: Size): Ptr {
  if (ptr === 0) return guardedMalloc(size);
  if (size === 0) {
    guardedFree(ptr);
    return 0;
  }
  if (isNoRequest(size)) return refuse("realloc: size", size);
  haveViewsGone();
  if (!isBlock(ptr, USE_AFTER_FREE)) return 0;
  if (!spec.guards.states) return realloc(ptr, size);
  seeGrowth();
  const slab = slabOfBlock(ptr);
  const end = ptr + usableIn(slab, ptr);
  if (!areAroundWhole(ptr, bytesAskedFor(ptr), end)) return 0;
  // Where nothing is guarded behind it, a user may have written all of the block.
  const before = spec.guards.redZone > 0 ? bytesAskedFor(ptr) : end - ptr;
  const room = end - ptr - spec.guards.redZone;
  if (size <= room && size >= room >>> 1) {
    if (spec.guards.redZone > 0) fillZones(ptr, ptr + size, end);
    setLive(ptr, size);
    return ptr;
  }
  // An eighth more for who appends, as in a build without guards.
  const isGrownRun = load32(slab + Slab.class) === 0 && size > before;
  const moved =
    takeBlock(isGrownRun ? size + (size >>> 3) : size, ALIGNMENT) ||
    (isGrownRun ? takeBlock(size, ALIGNMENT) : 0);
  if (moved === 0) return 0;
  seeGrowth();
  copyBlock(moved, ptr, before < size ? before : size);
  guardedFree(ptr);
  return handOut(moved, size);
}

/** What a user may write: what was asked for where the rest is guarded. */
export function guardedUsableSize(ptr: Ptr): Size {
  if (ptr === 0) return 0;
  haveViewsGone();
  if (!isBlock(ptr, USE_AFTER_FREE)) return 0;
  return spec.guards.redZone > 0 ? bytesAskedFor(ptr) : usableSize(ptr);
}

/** Whether a live block starts at an address. */
export function guardedOwns(ptr: Ptr): boolean {
  return owns(ptr) && blockState(ptr) === BLOCK_LIVE;
}

/** Whether a size is none, or more than the heap has. */
function isNoRequest(size: Size): boolean {
  return isNoSize(size) || size > addressOf(endPage);
}

/** A block with room for so many bytes{@when spec.guards.redZone > 0} and the zones{@end}, or 0. */
function takeBlock(size: Size, alignment: number): Ptr {
  const bytes = withZones(size);
  let ptr = alignment > ALIGNMENT ? memalign(alignment, bytes) : malloc(bytes);
  if (spec.guards.quarantineBytes > 0 && ptr === 0 && emptyQuarantine()) {
    ptr = alignment > ALIGNMENT ? memalign(alignment, bytes) : malloc(bytes);
  }
  if (spec.guards.poison && ptr !== 0) expectPoison(ptr);
  return ptr;
}

/** Two places where a block may start are the least that a block with a state has. */
function withZones(size: Size): Size {
  const bytes = size + spec.guards.redZone;
  return spec.guards.states && spec.headerBytes === 0 && bytes <= ALIGNMENT ? ALIGNMENT + 1 : bytes;
}

/** A block that was freed since its slab was carved is as it was filled then. */
function expectPoison(ptr: Ptr): void {
  const slab = slabOfBlock(ptr);
  if (load32(slab + Slab.class) === 0 || blockState(ptr) !== BLOCK_FREED) return;
  const end = ptr + usableIn(slab, ptr);
  // The first word may have been a link.
  const written = firstWritten(ptr + 4, end);
  if (written < end) hit(USE_AFTER_FREE, ptr, written);
}

/** A block, if there is one, becomes a user's who asked for so many bytes. */
function handOut(ptr: Ptr, size: Size): Ptr {
  if (spec.observe.events > 0) note(ptr === 0 ? REFUSED : ALLOCATED, size, ptr);
  if (spec.guards.states && ptr !== 0) {
    if (spec.guards.redZone > 0) fillZones(ptr, ptr + size, ptr + usableIn(slabOfBlock(ptr), ptr));
    setLive(ptr, size);
    if (spec.guards.stacks) rememberAllocation(ptr);
  }
  return ptr;
}

/**
 * Whether a user has a block that starts at an address; a hit if none does, of that kind if one
 * did.
 */
function isBlock(ptr: Ptr, kindIfFreed: number): boolean {
  if (spec.guards.states) {
    const state = mayBeBlock(ptr) ? blockState(ptr) : BLOCK_UNUSED;
    if (state === BLOCK_LIVE && (!spec.guards.pushes || owns(ptr))) return true;
    hit(state === BLOCK_FREED ? kindIfFreed : INVALID_ADDRESS, ptr, ptr);
    return false;
  }
  if (!spec.guards.pushes || owns(ptr)) return true;
  hit(INVALID_ADDRESS, ptr, ptr);
  return false;
}

/** Whether nobody has written behind or before a block; a hit if somebody has. */
function areAroundWhole(ptr: Ptr, size: Size, end: Ptr): boolean {
  return (
    (!spec.guards.headers || expectHeader(ptr, load32(slabOfBlock(ptr) + Slab.class))) &&
    (spec.guards.redZone === 0 || expectZones(ptr, ptr + size, end))
  );
}

/** The block is this call's alone from now on. One that was damaged is not used again. */
function freeGuarded(ptr: Ptr): void {
  seeGrowth();
  const bytes = usableIn(slabOfBlock(ptr), ptr);
  if (!areAroundWhole(ptr, bytesAskedFor(ptr), ptr + bytes)) return;
  if (spec.guards.poison) fillPoison(ptr, ptr + bytes);
  if (!(spec.guards.quarantineBytes > 0 && keepInQuarantine(ptr, bytes))) free(ptr);
}
