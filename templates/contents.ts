/**
 * The kernel's table of contents: every module, in the order in which its part of a build is
 * read.
 */
export const CONTENTS: readonly string[] = [
  "host/api",
  "kernel/types",
  "kernel/records",
  "kernel/page",
  "host/memory",
  "kernel/memory-map",
  "host/wrong-memory",
  "host/size-class-table",
  "kernel/size-class",
  "kernel/guards/guarded-calls",
  "kernel/guards/block-states",
  "kernel/guards/zones",
  "kernel/guards/quarantine",
  "kernel/guards/list-validation",
  "kernel/guards/ownership-assertion",
  "kernel/guards/hit",
  "kernel/block",
  "kernel/bytes",
  "kernel/malloc",
  "kernel/free",
  "kernel/realloc",
  "kernel/owns",
  "kernel/largest-free",
  "kernel/active",
  "kernel/tiers/tiers",
  "kernel/tiers/tls-hint",
  "kernel/tiers/fast",
  "kernel/tiers/tls-sll",
  "kernel/tiers/unified-cache",
  "kernel/tiers/magazine",
  "kernel/tiers/tls-list",
  "kernel/tiers/block-list",
  "kernel/ownership",
  "kernel/aside",
  "kernel/remote-queue",
  "kernel/refill",
  "kernel/virgin",
  "kernel/slab",
  "kernel/stages/stages",
  "kernel/stages/sticky",
  "kernel/stages/partial",
  "kernel/stages/pending",
  "kernel/stages/adopt",
  "kernel/stages/empty",
  "kernel/idle",
  "kernel/pool/acquire",
  "kernel/pool/release",
  "kernel/pool/empty-list",
  "kernel/pool/superslab-state",
  "kernel/pool/clear",
  "kernel/pool/mmap-gate",
  "kernel/pool/hints",
  "kernel/page-block",
  "kernel/large-block",
  "kernel/page-run",
  "kernel/page-bitmap",
  "kernel/superslab",
  "kernel/rooms",
  "kernel/lru",
  "kernel/growth",
  "kernel/statistics",
  "kernel/observe/counters",
  "kernel/observe/trace-ring",
  "kernel/initialise",
  "kernel/attach",
  "kernel/reset",
  "kernel/surrender",
  "kernel/reclaim",
  "host/current-views",
  "host/soundness",
  "host/heap-walk",
  "host/free-blocks",
  "host/blocks",
  "host/stats",
  "host/counters",
  "host/format",
  "host/check",
  "host/guarded-blocks",
  "host/guard-report",
  "host/stacks",
  "host/events",
  "host/leaks",
  "host/image",
  "host/open-heap",
  "host/leftovers",
  "host/own-lists",
  "host/used-ranges",
  "host/create-heap",
];

/** The same of an allocator in a Wasm module: the kernel, and what the host gives it there. */
export const WASM_CONTENTS = kernelWith(["bare/bounds", "bare/wasm-memory"]);

/** The same of one that is linked into a program. */
export const LINKED_CONTENTS = kernelWith(["bare/known-bounds", "bare/wasm-memory"]);

/** The same in C, where the memory is the caller's. */
export const C_CONTENTS = kernelWith(["bare/bounds"]);

function kernelWith(memory: readonly string[]): readonly string[] {
  return CONTENTS.flatMap((name) => {
    if (name === "host/memory") return memory;
    return name.startsWith("kernel/") ? [name] : [];
  });
}
