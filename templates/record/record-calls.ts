/**
 * The calls of an allocator, each with an event in a log.
 *
 * A free is an event before it happens, the others after: so another thread that gets the block
 * at once comes later.
 */
import { Kind, NO_SIZE } from "./event.ts";
import type { EventLog } from "./event-log.ts";

export interface AllocatorCalls {
  malloc(size: number): number;
  calloc(count: number, size: number): number;
  realloc(ptr: number, size: number): number;
  memalign(alignment: number, size: number): number;
  free(ptr: number): void;
}

/** Calls that failed leave no event. */
export function recordCalls(
  { malloc, calloc, realloc, memalign, free }: AllocatorCalls,
  log: EventLog,
): AllocatorCalls {
  return {
    malloc(size) {
      const ptr = malloc(size);
      if (ptr !== 0) log.write(ptr | Kind.malloc, ~size);
      return ptr;
    },
    calloc(count, size) {
      const ptr = calloc(count, size);
      if (ptr !== 0) log.write(ptr | Kind.calloc, ~Math.imul(count, size));
      return ptr;
    },
    realloc(ptr, size) {
      if (ptr === 0) {
        const block = realloc(0, size);
        if (block !== 0) log.write(block | Kind.malloc, ~size);
        return block;
      }
      if (size === 0) {
        log.write(ptr | Kind.free, NO_SIZE);
        return realloc(ptr, 0);
      }
      log.write(ptr | Kind.reallocFrom, NO_SIZE);
      const moved = realloc(ptr, size);
      log.write(moved | Kind.reallocTo, moved === 0 ? NO_SIZE : ~size);
      return moved;
    },
    memalign(alignment, size) {
      const ptr = memalign(alignment, size);
      if (ptr !== 0) {
        log.write(Kind.alignment, ~alignment);
        log.write(ptr | Kind.memalign, ~size);
      }
      return ptr;
    },
    free(ptr) {
      if (ptr !== 0) log.write(ptr | Kind.free, NO_SIZE);
      free(ptr);
    },
  };
}
