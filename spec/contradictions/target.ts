/** Targets other than JavaScript: what a WebAssembly module or a C file cannot be. */
import type { Choices } from "../schema.ts";
import type { Finding } from "./rule.ts";

export function* target({ target, threads, specialise, memory }: Choices): Iterable<Finding> {
  if (target === undefined || target === "typescript") return;
  if (threads > 1) {
    yield ["threads", `target ${target} is built for one thread so far`, 'use 1, or target "typescript"'];
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
