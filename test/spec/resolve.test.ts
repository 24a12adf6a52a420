import { describe, expect, test } from "vitest";
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { presetNames } from "../../spec/preset-names.ts";
import { presets } from "../../spec/presets/index.ts";
import { resolveSpec } from "../../spec/resolve.ts";

const kernelOf = (spec: object) => resolveSpec(spec).kernel;

describe("presets", () => {
  test.each(presetNames)("%s resolves", (name) => {
    expect(resolveSpec(presets[name], name).name).toBe(name);
  });

  test("flagged differs from single in how it is built, and in room for any spec", () => {
    const single = resolveSpec(presets.single, "single");
    const flagged = resolveSpec(presets.flagged, "flagged");
    expect(flagged.lowering).toBe("flagged");
    expect(flagged.form).toBe("class");
    const { bounds, specHash } = single.kernel;
    expect({ ...flagged.kernel, bounds, specHash }).toEqual(single.kernel);
    expect(flagged.kernel.bounds.classes).toBe(256);
  });

  test("so does its counterpart for several threads", () => {
    const shared = resolveSpec(presets.shared, "shared");
    const flagged = resolveSpec({ extends: "shared", specialise: false });
    expect(flagged.lowering).toBe("flagged");
    const { bounds, specHash } = shared.kernel;
    expect({ ...flagged.kernel, bounds, specHash }).toEqual(shared.kernel);
    expect(flagged.kernel.bounds.classes).toBe(256);
  });

  test("there is one for every name", () => {
    expect(Object.keys(presets)).toEqual([...presetNames]);
  });
});

describe("extends", () => {
  test("lays a spec over its preset, key by key", () => {
    const { spec } = resolveSpec({
      extends: "single",
      lru: { entries: 3 },
      tiers: { tlsSll: { drainEvery: 0 } },
    });
    expect(spec.lru.entries).toBe(3);
    expect(spec.tiers.tlsSll).toEqual({ from: 65, drainEvery: 0, capFor: {} });
  });

  test("replaces a rule by a list", () => {
    expect(kernelOf({ extends: "single", sizeClasses: [16, 64] }).classBytes).toEqual([0, 16, 64]);
  });

  test("does not hand on the preset's name", () => {
    expect(resolveSpec({ extends: "single" }, "mine").name).toBe("mine");
    expect(resolveSpec({ extends: "single", name: "ours" }, "mine").name).toBe("ours");
  });
});

test("the same spec makes the same, whatever the order of its keys", () => {
  const a = resolveSpec({ header: true, alignment: 32, lru: { bytes: 4 << 20, entries: 2 } });
  const b = resolveSpec({ lru: { entries: 2, bytes: 4 << 20 }, alignment: 32, header: true });
  expect(a).toEqual(b);
  expect(a.hash).toBe(b.hash);
  expect(a.hash).not.toBe(resolveSpec({ header: true, alignment: 32 }).hash);
});

describe("kernel spec", () => {
  test("numbers classes from 1, with a slab's pages beside each", () => {
    const kernel = kernelOf({ sizeClasses: [16, 4096] });
    expect(kernel.classCount).toBe(2);
    expect(kernel.classBytes).toEqual([0, 16, 4096]);
    expect(kernel.classPages).toEqual([0, 4, 4]);
    expect(kernel.bounds.classes).toBe(3);
  });

  test("turns sizes into shifts and pages", () => {
    const kernel = kernelOf({
      alignment: 32,
      memory: { maxBytes: 4 << 20, baseBytes: 65536 },
      geometry: { superSlabBytes: 2 << 20, slabBytes: 65536, pageBytes: 8192 },
      lru: { entries: 2, bytes: 3 << 20 },
    });
    expect(kernel.alignShift).toBe(5);
    expect(kernel.pageShift).toBe(13);
    expect(kernel.superSlabShift).toBe(21);
    expect(kernel.memory).toEqual({
      shared: false,
      kind: "fixed",
      basePage: 8,
      maxPages: 512,
      baseGiven: false,
      growPages: 2048,
      prefault: false,
    });
    expect(kernel.lru).toEqual({ entries: 2, pages: 384 });
  });

  test.each([
    ["ArrayBuffer", "fixed", false],
    ["SharedArrayBuffer", "fixed", true],
    ["WebAssembly.Memory", "growable", false],
  ] as const)("%s is %s, shared: %s", (kind, kernelKind, shared) => {
    const { memoryKind, kernel } = resolveSpec({ memory: { kind } });
    expect(memoryKind).toBe(kind);
    expect(kernel.memory).toMatchObject({ kind: kernelKind, shared });
  });

  test("reaches the last address", () => {
    expect(kernelOf({ memory: { maxBytes: 2 ** 32 } }).memory.maxPages).toBe(2 ** 20);
  });

  test("a header is as long as the alignment and comes out of the block", () => {
    const kernel = kernelOf({ alignment: 32, header: true, sizeClasses: [64, 128] });
    expect(kernel.headerBytes).toBe(32);
    expect(kernel.maxClassBytes).toBe(96);
  });

  test("lazy zero is the default where zero is known", () => {
    expect(kernelOf({}).lazyZero).toBe(true);
    expect(kernelOf({ zero: { lazyZero: false } }).lazyZero).toBe(false);
  });
});

test("who shares a heap may say that nobody dies; one thread has nobody to reclaim", () => {
  expect(kernelOf({}).reclaim).toBe(false);
  expect(kernelOf({ extends: "shared" }).reclaim).toBe(true);
  expect(kernelOf({ extends: "shared", lifetime: { reclaim: false } }).reclaim).toBe(false);
});

describe("TLS SLL", () => {
  const tlsSll = (choice: object | false) =>
    kernelOf({ sizeClasses: [16, 32, 64], tiers: { tlsSll: choice } }).tlsSll;
  const unlimited = 0xffffffff;

  test.each<[string, object | false, KernelSpec["tlsSll"]]>([
    ["off", false, { on: false, first: 1, last: 0, caps: [0, 0, 0, 0], counted: false, drainEvery: 0 }],
    [
      "cap 0 is off",
      { cap: 0 },
      { on: false, first: 1, last: 0, caps: [0, 0, 0, 0], counted: false, drainEvery: 0 },
    ],
    [
      "no cap of its own, and nothing else that bounds it",
      { drainEvery: 2048 },
      {
        on: true,
        first: 1,
        last: 3,
        caps: [0, 128, 128, 128],
        counted: true,

        drainEvery: 2048,
      },
    ],
    [
      "refills only",
      { upTo: 0 },
      {
        on: true,
        first: 1,
        last: 0,
        caps: [0, unlimited, unlimited, unlimited],
        counted: false,

        drainEvery: 0,
      },
    ],
    [
      "up to a size between classes",
      { upTo: 40, cap: 7 },
      { on: true, first: 1, last: 2, caps: [0, 7, 7, 7], counted: true, drainEvery: 0 },
    ],
    [
      "a cap for one class",
      { capFor: { 32: 9 } },
      {
        on: true,
        first: 1,
        last: 3,
        caps: [0, 128, 9, 128],
        counted: true,

        drainEvery: 0,
      },
    ],
    [
      "one class only",
      { cap: 0, capFor: { 16: 9 } },
      { on: true, first: 1, last: 3, caps: [0, 9, 0, 0], counted: true, drainEvery: 0 },
    ],
  ])("%s", (_, choice, expected) => {
    expect(tlsSll(choice)).toEqual(expected);
  });
});
