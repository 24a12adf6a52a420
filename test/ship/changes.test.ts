/** What changed since an earlier package, and the step of semver that it makes. */
import { describe, expect, test } from "vitest";
import { changesSince, nextVersion, stepBetween } from "../../generator/ship/changes.ts";
import type { ShipManifest } from "../../generator/ship/shipped.ts";

const DECLARATIONS = `// tiny: generated
export interface Heap {
    /** A block. */
    malloc(size: number): number;
    free(ptr: number): void;
}
export interface Stats {
    free(ptr: number): void;
}
`;

const bytes = { raw: 3, min: 200, gzip: 100 };

function changes(now: string, layout = "a") {
  const manifest = { version: "1.4.2", layout: "a", bytes: { raw: 3, min: 190, gzip: 101 } } as ShipManifest;
  return changesSince({ manifest, read: () => DECLARATIONS }, { layout, bytes }, now);
}

describe("the step", () => {
  test.each([
    ["nothing but comments", DECLARATIONS.replace("A block.", "Another."), "a", "patch", "1.4.3"],
    ["something new", `${DECLARATIONS}export declare function more(): void;\n`, "a", "minor", "1.5.0"],
    ["another layout", DECLARATIONS, "b", "minor", "1.5.0"],
    [
      "another layout, of heaps that are opened again",
      `${DECLARATIONS}export declare function openHeap(image: unknown): Heap;\n`,
      "b",
      "major",
      "2.0.0",
    ],
    [
      "a member gone, also if another has its text",
      DECLARATIONS.replace("    free(ptr: number): void;\n", ""),
      "a",
      "major",
      "2.0.0",
    ],
    ["a member of another type", DECLARATIONS.replace("size: number", "size: bigint"), "a", "major", "2.0.0"],
  ])("%s", (_, now, layout, step, version) => {
    const found = changes(now, layout);
    expect([found.step, nextVersion(found)]).toEqual([step, version]);
  });
});

test("what changed is named", () => {
  const { api, layout, bytes } = changes(
    DECLARATIONS.replace("malloc(size: number)", "malloc(size: bigint)"),
    "b",
  );
  expect({ api, layout, bytes }).toEqual({
    api: {
      removed: ["export interface Heap { malloc(size: number): number;"],
      added: ["export interface Heap { malloc(size: bigint): number;"],
    },
    layout: true,
    bytes: { min: 10, gzip: -1 },
  });
});

test.each([
  ["1.2.3", "1.2.4", "patch"],
  ["1.2.3", "1.3.0", "minor"],
  ["1.2.3", "2.0.0", "major"],
  ["1.2.3", "1.2.3", undefined],
  ["1.2.3", "1.1.9", undefined],
])("from %s to %s: %s", (before, after, step) => {
  expect(stepBetween(before, after)).toBe(step);
});
