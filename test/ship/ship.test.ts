/**
 * Packages: what is in them, that they are the same each time, and that a gate that stays closed
 * leaves nothing behind.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heapModule } from "../../bench/variant.ts";
import { generateVariant } from "../../generator/pipeline.ts";
import { readFigures } from "../../generator/ship/figures.ts";
import { type Candidate, roomyHeap } from "../../generator/ship/gate.ts";
import { budgets } from "../../generator/ship/gates/budgets.ts";
import { differential } from "../../generator/ship/gates/differential.ts";
import { misuse } from "../../generator/ship/gates/misuse.ts";
import { traces } from "../../generator/ship/gates/traces.ts";
import { workers } from "../../generator/ship/gates/workers.ts";
import { packageFiles } from "../../generator/ship/package-files.ts";
import { ship } from "../../generator/ship/ship.ts";
import { hashOf, readShipped } from "../../generator/ship/shipped.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import { slabsmith } from "../cli/slabsmith.ts";

const quiet = { start() {}, step() {}, stop() {} };
const SPEC: Spec = {
  extends: "tiny",
  name: "particles",
  ship: { package: "@me/particles", maxGzipBytes: "4 KiB" },
};

let folder: string;
let out: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-ship-"));
  out = join(folder, "node_modules/@me/particles");
  await ship(resolveSpec(SPEC), { out, progress: quiet });
});
afterAll(() => rmSync(folder, { recursive: true }));

const textOf = (file: string) => readFileSync(join(out, file), "utf8");

/** The candidate of a spec, with code that is put after its own. */
async function candidate(spec: Spec, change: (code: string) => string = (code) => code): Promise<Candidate> {
  const resolved = resolveSpec(spec, "tried");
  const variant = await generateVariant(resolved);
  const code = change(String(variant.files.get("index.js")));
  const createHeap = async (bytes: number) => roomyHeap(await heapModule(code), resolved, bytes);
  return { resolved, variant, code, minified: code, createHeap };
}

describe("a package", () => {
  test("holds what its manifest says, byte for byte, and is read as shipped", () => {
    const manifest = JSON.parse(textOf("manifest.json"));
    expect(Object.keys(manifest.files).sort()).toEqual(
      readdirSync(out)
        .filter((file) => file !== "manifest.json")
        .sort(),
    );
    for (const [file, hash] of Object.entries(manifest.files)) expect(hashOf(textOf(file)), file).toBe(hash);
    expect(manifest).toMatchObject({
      package: "@me/particles",
      version: "1.0.0",
      specHash: resolveSpec(SPEC).hash,
    });
    expect(manifest.evidence.map(({ gate }: { gate: string }) => gate)).toEqual([
      "size",
      "bad arguments",
      "recorded traces",
      "differential",
    ]);
    expect(readShipped(out).manifest).toEqual(manifest);
  });

  test("the same spec and evidence give the same bytes", async () => {
    const { version, evidence } = readShipped(out).manifest;
    const files = await packageFiles(await candidate(SPEC), { version, evidence });
    for (const [file, text] of files) expect(textOf(file) === text, file).toBe(true);
    expect(files.size).toBe(readdirSync(out).length);
  });

  test("budgets are no part of the build", () => {
    expect(resolveSpec(SPEC).hash).toBe(resolveSpec({ ...SPEC, ship: {} }).hash);
  });

  test("runs, imported, minified and required", async () => {
    const run = async (...args: string[]) =>
      (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout;
    for (const path of ["@me/particles", "@me/particles/min"]) {
      const code = `import { createHeap } from "${path}"; console.log(createHeap().malloc(9) > 0)`;
      expect(await run("--input-type=module", "--eval", code)).toBe("true\n");
    }
    const code = 'console.log(require("@me/particles").createHeap().malloc(9) > 0)';
    expect(await run("--input-type=commonjs", "--eval", code)).toBe("true\n");
  });

  test("publint has nothing to say", async () => {
    const { messages } = await publint({ pkgDir: out, strict: true });
    expect(messages).toEqual([]);
  });

  test("its README has no hole", () => {
    const readme = textOf("README.md");
    expect(readme).toContain("# @me/particles\n\nA memory allocator for one thread in an ArrayBuffer. ");
    expect(readme).toContain("- **bad arguments**: 46 calls");
    expect(readme).not.toMatch(/undefined|NaN|\[object|Workers attach/);
  });
});

describe("a gate", () => {
  /** The heap, with some of its members replaced. */
  const instead = (members: string) => (code: string) =>
    `${code.replace(/export \{[^}]*\};?\s*$/, "").replace(/^export /gm, "")}
    function changed(options) { const heap = createHeap(options); return { ...heap, get u8() { return heap.u8; }, ${members} }; }
    export { changed as createHeap };`;

  test.each([
    [
      "of bytes",
      budgets,
      { ship: { maxMinBytes: 100 } },
      undefined,
      /^index\.min\.js has \d+ bytes; ship\.maxMinBytes allows 100$/,
    ],
    [
      "of bytes, gzipped",
      budgets,
      { ship: { maxGzipBytes: 99 } },
      undefined,
      /bytes gzipped; ship\.maxGzipBytes allows 99$/,
    ],
    [
      "of bad sizes",
      misuse,
      {},
      "malloc: (size) => heap.malloc(Math.abs(size))",
      /^malloc\(-1\) answers \d+, not 0$/,
    ],
    [
      "of what bad calls change",
      misuse,
      {},
      "free: (ptr) => ptr === 0 ? void heap.malloc(9) : heap.free(ptr)",
      /have changed stats\(\)$/,
    ],
    [
      "of blocks that overlap",
      traces,
      {},
      "malloc: (size) => heap.malloc(size > 64 ? size - 64 : size)",
      /usableSize\(\d+\) is \d+, less than the \d+ bytes asked for$/,
    ],
    [
      "of footprint",
      traces,
      { ship: { maxCommittedRatio: 1.01 } },
      undefined,
      /^trace \w+ commits 1\.\d+ times what it asks for; ship\.maxCommittedRatio allows 1\.01$/,
    ],
    [
      "of answers",
      differential,
      {},
      "malloc: (size) => heap.malloc(size + 1)",
      /^random calls, seed 1, call \d+: a block of \d+ bytes, of \d+ in the flagged build$/,
    ],
  ] as const)("%s stays closed", async (_, gate, spec, members, message) => {
    const tried = await candidate({ extends: "tiny", ...spec }, members && instead(members));
    await expect(gate.pass(tried)).rejects.toThrow(message);
  });

  test("of workers stays closed where they damage each other's blocks", async () => {
    const shared: Spec = { extends: "shared", threads: 3 };
    expect(await workers.pass(await candidate(shared))).toMatch(/^2 workers, /);
    const damaging = (code: string) =>
      code.replace(/\bmalloc\b(?=,|:| })/, "malloc: (size) => malloc(size > 4096 ? size - 4096 : size)");
    await expect(workers.pass(await candidate(shared, damaging))).rejects.toThrow(
      /cookie of block \d+|invariant|block/,
    );
  });
});

describe("refused before anything is built:", () => {
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    mkdirSync(at("taken"));
    writeFileSync(at("taken/mine.txt"), "mine");
    cpSync(out, at("edited"), { recursive: true });
    writeFileSync(at("edited/index.js"), "//");
    cpSync(out, at("half"), { recursive: true });
    rmSync(at("half/index.js"));
  });

  test.each([
    ["elsewhere", /elsewhere: manifest\.json cannot be read \(ENOENT\); name the folder of a package/],
    ["edited", /edited: index\.js changed after it was shipped/],
    ["half", /half: index\.js cannot be read \(ENOENT\)/],
    ["taken", /taken: manifest\.json cannot be read/],
  ])("an earlier package that is none: %s", (name, message) => {
    expect(() => readShipped(at(name))).toThrow(message);
  });

  test("figures that are none", () => {
    expect(() => readFigures(at("taken/mine.txt"), "single")).toThrow(
      /mine\.txt: .*; name a report that `slabsmith bench/,
    );
  });

  test("a build that is for finding bugs", async () => {
    const shipped = ship(resolveSpec({ extends: "flagged" }, "flagged"), { out: at("new"), progress: quiet });
    await expect(shipped).rejects.toThrow("spec flagged reads its choices at run time: ship one with");
  });

  test("a folder that holds something else", async () => {
    const shipped = ship(resolveSpec(SPEC), { out: at("taken"), progress: quiet });
    await expect(shipped).rejects.toThrow(
      /taken: it holds something that slabsmith did not ship; name another folder/,
    );
    expect(readdirSync(at("taken"))).toEqual(["mine.txt"]);
  });

  test("by the command: a closed gate is a failure", async () => {
    writeFileSync(at("small.json"), '{ "extends": "tiny", "ship": { "maxGzipBytes": "1 KiB" } }');
    const { code, out, err } = await slabsmith(["ship", "small.json"], folder);
    expect(err).toMatch(
      /^slabsmith: not shipped: size: index\.min\.js has \d+ bytes gzipped; ship\.maxGzipBytes allows 1024$/m,
    );
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(existsSync(at("shipped"))).toBe(false);
  });
});
