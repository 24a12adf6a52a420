/** Call stacks of this thread's allocations and frees, by address. */

const allocations = new Map<number, string>();
const frees = new Map<number, string>();

export function rememberAllocation(ptr: number): void {
  allocations.set(ptr, callStack());
  frees.delete(ptr);
}

export function rememberFree(ptr: number): void {
  frees.set(ptr, callStack());
}

/** Where the block was allocated, or nothing: by another thread. */
export function allocationStack(ptr: number): string {
  return allocations.get(ptr) ?? "";
}

export function freeStack(ptr: number): string {
  return frees.get(ptr) ?? "";
}

/** The lines of a stack; engines put a title before them. */
function callStack(): string {
  return String(new Error().stack ?? "").replace(/^Error\n/, "");
}
