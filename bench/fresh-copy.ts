/**
 * A private copy of a measurement loop, bound to one heap.
 *
 * V8 keeps what it learned about a call (which function, which shapes) with the call's place in the
 * source. Contenders that run through one loop share those places: the calls stop being inlined for
 * all of them, which costs up to half of the speed and measures the harness. So every contender
 * gets its own function, compiled from its own text: equal texts would be found in V8's compilation
 * cache and share their feedback again.
 *
 * The heap's calls are constants of the loop's surrounding function, as a module's `const { malloc,
 * free } = heap` are for the code that uses them. Looked up in the heap at each call they would
 * cost 15 % of tiny hot in Node 20: V8 compares the heap's shape and the function each time, which
 * C has no need to.
 */
import type { BlockHeap } from "./heap.ts";

/**
 * Written as `function ({ malloc, free }) { return function (…) { … }; }`. The inner function has
 * no name, because esbuild would wrap a named one in a helper that the copy lacks; for the same
 * reason it uses nothing of its module.
 */
export type LoopSource<Loop, Heap = BlockHeap> = (heap: Heap) => Loop;

export type LoopFactory = <Loop, Heap = BlockHeap>(source: LoopSource<Loop, Heap>, heap: Heap) => Loop;

let copies = 0;

function compile<Source>(source: Source): Source {
  return new Function(`/* copy ${copies++} */ "use strict"; return (${source});`)();
}

export const freshCopy: LoopFactory = (source, heap) => compile(source)(heap);

/**
 * For heaps that shall share one call site: a loop is compiled once, and its copies differ in their
 * heap only.
 */
export function sharedCopy(): LoopFactory {
  const compiled = new Map<unknown, unknown>();
  return <Loop, Heap>(source: LoopSource<Loop, Heap>, heap: Heap) => {
    const copy = compiled.get(source) ?? compile(source);
    compiled.set(source, copy);
    return (copy as typeof source)(heap);
  };
}
