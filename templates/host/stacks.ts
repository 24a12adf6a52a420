/** Call stacks of this thread's allocations and frees, by address. */

const allocations = new Map<number, string>();
const frees = new Map<number, string>();

export function rememberAllocation(ptr: number): void {
  allocations.set(ptr, callStack(4));
  frees.delete(ptr);
}

export function rememberFree(ptr: number): void {
  frees.set(ptr, callStack(3));
}

/** Where the block was allocated; nothing where that is not known. */
export function allocationStack(ptr: number): string {
  return allocations.get(ptr) ?? "";
}

export function freeStack(ptr: number): string {
  return frees.get(ptr) ?? "";
}

/**
 * The lines of a stack but for the first `own`, which lie in this build. Some engines put a title
 * before them.
 */
function callStack(own: number): string {
  const lines = String(new Error().stack ?? "").split("\n");
  return lines.slice(lines[0].startsWith("Error") ? own + 1 : own).join("\n");
}
