/** Targets other than JavaScript: what a WebAssembly module or a C file cannot be. */
import type { Choices } from "../schema.ts";
import { isGuarded } from "./guards.ts";
import type { Finding } from "./rule.ts";

export function* target(spec: Choices): Iterable<Finding> {
  const { target, threads, specialise, memory, observe } = spec;
  if (target === undefined || target === "typescript") return;
  if (threads > 1) {
    yield ["threads", `target ${target} is built for one thread so far`, 'use 1, or target "typescript"'];
  }
  if (isGuarded(spec) || observe.counters || observe.traceRing) {
    yield [
      "target",
      `guards, counters and the trace ring report to JavaScript, and target is ${target}`,
      'leave them out, or use target "typescript"',
    ];
  }
  if (!specialise) {
    yield [
      "specialise",
      `only JavaScript reads its choices at run time, and target is ${target}`,
      "use true",
    ];
  }
  if (memory.kind === "SharedArrayBuffer" || (target === "c" && memory.kind === "WebAssembly.Memory")) {
    yield [
      "memory.kind",
      `a heap of target ${target} lives in the memory that its program has`,
      "leave it out",
    ];
  }
  if (target === "c" && memory.prefault) {
    yield ["memory.prefault", "the memory of target c is the caller's, who may touch it", "leave it out"];
  }
}
