/** The files of a C build: `allocator.c` and `allocator.h`. */
import type { ResolvedSpec } from "../../../spec/resolve.ts";
import { C_CONTENTS } from "../../../templates/contents.ts";
import { frameText } from "../../stages/frame.ts";
import { typedKernel } from "../../typed/kernel.ts";
import { printKernel } from "./print.ts";

/** Functions of the kernel that the frame calls. */
const CALLED = ["malloc", "calloc", "realloc", "memalign", "free", "usableSize", "heapInit", "releaseCaches"];

/** The names for numbers; a file declares those that it uses. */
const ROLES = ["Ptr", "Word", "Page", "Size", "ClassIndex", "Slab", "SuperSlab", "ThreadSlot"];

export function makeCFiles(resolved: ResolvedSpec, head: readonly string[]): Map<string, string> {
  const { kernel, spec } = resolved;
  const program = typedKernel({ ...kernel, anyNumbers: false }, C_CONTENTS, CALLED);
  const text = printKernel({ program, roles: ROLES });
  const prefix = spec.c?.prefix ?? `${resolved.name.replaceAll("-", "_")}_`;
  const content = {
    head,
    prefix,
    guard: `${prefix.toUpperCase()}ALLOCATOR_H`,
    alignment: 1 << kernel.alignShift,
    originAlignment: 2 ** kernel.superSlabShift,
    clears: text.includes("zero64("),
    clearsRanges: text.includes("zeroRange64("),
    kernel: text,
  };
  return new Map([
    ["allocator.c", frameText("allocator.c.hbs", content)],
    ["allocator.h", frameText("allocator.h.hbs", content)],
  ]);
}
