import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bin, slabsmith } from "./slabsmith.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => slabsmith(args, folder);
const WAITING = { timeout: 100_000, interval: 50 };
const STACK = /^\s+at .*:\d+:\d+/m;

describe("help", () => {
  test.each([[["--help"]], [["generate", "--help"]], [["explain", "--help"]], [["bench", "--help"]]])(
    "%j goes to standard output",
    async (args) => {
      const { code, out, err } = await run(...args);
      expect(out).toMatch(/^Usage: slabsmith /);
      expect({ code, err }).toEqual({ code: 0, err: "" });
    },
  );

  test("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await run("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});

describe("mistakes of the user's: exit code 2, no output, no stack", () => {
  test.each([
    ["no command", [], /Usage: slabsmith/],
    ["unknown command", ["generte"], /unknown command 'generte'[\s\S]*Did you mean generate\?/],
    ["unknown option", ["explain", "single", "--jsn"], /unknown option '--jsn'[\s\S]*Did you mean --json\?/],
    ["no spec", ["generate"], /missing required argument 'spec'/],
    ["unknown preset", ["explain", "sinlge"], /there is no preset "sinlge"; did you mean single\?/],
    ["unknown file", ["generate", "nowhere.json"], /^slabsmith: nowhere\.json: there is no such file$/m],
    ["twice the same name", ["generate", "single", "single"], /two of the specs are named single/],
  ])("%s", async (_, args, message) => {
    const { code, out, err } = await run(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(STACK);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a bad spec, with all its problems", async () => {
    writeFileSync(join(folder, "bad.json"), '{ "threads": 0, "alignment": 12 }');
    expect(await run("generate", "bad.json")).toEqual({
      code: 2,
      out: "",
      err: [
        "slabsmith: spec bad cannot be built:",
        "  threads: 0 is not allowed; use an integer from 1 to 1024",
        "  alignment: 12 is not allowed; use 8 or 16 or 32 or 64",
        "",
      ].join("\n"),
    });
  });

  test("malformed JSON, with its place", async () => {
    writeFileSync(join(folder, "bad.json"), '{\n  "threads": 1,,\n}');
    const { code, err } = await run("explain", "bad.json");
    expect(err).toMatch(/^slabsmith: bad\.json: malformed JSON at line 2, column 16: /);
    expect(code).toBe(2);
  });

  test("one bad spec among good ones: nothing is written", async () => {
    writeFileSync(join(folder, "bad.json"), '{ "alignment": 12 }');
    const { code } = await run("generate", "single", "bad.json", "--out", "made");
    expect(code).toBe(2);
    expect(existsSync(join(folder, "made"))).toBe(false);
  });

  test("a typed spec that exports nothing", async () => {
    writeFileSync(join(folder, "bad.ts"), "export const spec = {};\n");
    const { code, err } = await run("explain", "bad.ts");
    expect(err).toBe("slabsmith: bad.ts: it has no default export; write export default defineSpec({ … })\n");
    expect(code).toBe(2);
  });

  test("a typed spec that does not parse", async () => {
    writeFileSync(join(folder, "bad.ts"), "export default {{;\n");
    const { code, err } = await run("explain", "bad.ts");
    expect(err).toMatch(/^slabsmith: bad\.ts: it cannot be run: /);
    expect(err).not.toMatch(STACK);
    expect(code).toBe(2);
  });

  test("a folder that cannot be one", async () => {
    writeFileSync(join(folder, "taken"), "");
    const { code, out, err } = await run("generate", "tiny", "--out", "taken");
    expect(err).toMatch(/--out taken: cannot be written to \(E\w+\); name another folder\n$/);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

describe("generate", () => {
  test("--check names what is stale and renews nothing; what is fresh is not written again", async () => {
    writeFileSync(join(folder, "mine.jsonc"), '{ "extends": "tiny", /* */ "alignment": 32 }');
    expect((await run("generate", "mine.jsonc", "--check")).err).toMatch(
      /not what would be emitted: generated\/mine/,
    );
    expect(existsSync(join(folder, "generated"))).toBe(false);

    expect((await run("generate", "mine.jsonc")).code).toBe(0);
    const index = join(folder, "generated/mine/index.js");
    const { ino } = statSync(index);
    expect((await run("generate", "mine.jsonc")).code).toBe(0);
    expect(statSync(index).ino).toBe(ino);
    expect((await run("generate", "mine.jsonc", "--check")).code).toBe(0);

    writeFileSync(index, "damaged");
    writeFileSync(join(folder, "generated/mine/more.js"), "");
    const { code, err } = await run("generate", "mine.jsonc", "--check");
    expect(err).toMatch(
      /: generated\/mine\/index\.js, generated\/mine\/more\.js; the same command without --check/,
    );
    expect({ code, text: readFileSync(index, "utf8") }).toEqual({ code: 1, text: "damaged" });
  });

  test("--watch renews when the spec changes, and outlives a mistake", async () => {
    const spec = join(folder, "mine.json");
    const manifest = join(folder, "generated/mine/manifest.json");
    writeFileSync(spec, '{ "extends": "tiny" }');
    const child = spawn(process.execPath, [bin, "generate", "mine.json", "--watch"], { cwd: folder });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    try {
      await vi.waitUntil(() => said.includes("waiting for changes"), WAITING);
      writeFileSync(spec, '{ "alignment": 7 }');
      await vi.waitUntil(() => said.includes("alignment: 7 is not allowed"), WAITING);
      writeFileSync(spec, '{ "extends": "tiny", "alignment": 64 }');
      await vi.waitUntil(() => JSON.parse(readFileSync(manifest, "utf8")).spec.alignment === 64, WAITING);
    } finally {
      child.kill();
    }
  });

  test.each([
    [["generate", "single", "--watch"], "--watch: presets do not change; name a spec file"],
    [["generate", "single", "--check", "--keep-stages"], "--check writes nothing: leave --keep-stages out"],
  ])("%j is refused", async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  test("emits a folder per variant, from a preset and from a typed spec, and says so as JSON", async () => {
    writeFileSync(join(folder, "mine.ts"), 'export default { extends: "tiny", alignment: 32 };\n');
    const { code, out, err } = await run("generate", "tiny", "mine.ts", "--out", "made", "--json");
    expect(code, err).toBe(0);
    const results = JSON.parse(out) as { name: string; folder: string; bytes: { gzip: number } }[];
    expect(results.map(({ name }) => name)).toEqual(["tiny", "mine"]);
    for (const { folder: made, bytes } of results) {
      expect(bytes.gzip).toBeGreaterThan(0);
      const files = readdirSync(join(folder, made)).sort();
      expect(files).toEqual([
        "allocator.ts",
        "index.d.ts",
        "index.js",
        "index.min.d.ts",
        "index.min.js",
        "manifest.json",
        "package.json",
      ]);
    }
    expect(err).toMatch(/^tiny generated\nmine generated\n/);
  });

  test("--keep-stages leaves what every stage handed on", async () => {
    const { code, out } = await run("generate", "tiny", "--out", "made", "--keep-stages");
    expect(code).toBe(0);
    expect(out).toMatch(/^variant +bytes +min +gzip +folder\ntiny +\d+ +\d+ +\d+ +made\/tiny\n$/);
    expect(readdirSync(join(folder, "made/tiny/stages"))).toContain("01-fold.ts");
  });
});
