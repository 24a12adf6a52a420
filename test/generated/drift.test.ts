/** The builds under `generated/` are what the generator makes of their presets today. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generateVariant } from "../../generator/pipeline.ts";
import { loadSpec } from "../../spec/load-spec.ts";

const GENERATED = fileURLToPath(new URL("../../generated/", import.meta.url));
const COMMITTED = ["allocator.ts", "index.d.ts", "manifest.json", "workers.js", "workers.d.ts"];
const variants = readdirSync(GENERATED).filter((name) => statSync(GENERATED + name).isDirectory());

describe("generated/", () => {
  it("holds a build of every preset that can be built", () => {
    expect(variants).toEqual(["coarse", "flagged", "shared", "single", "tiny"]);
  });

  it.each(variants)("%s is fresh; `npm run generate` makes it so", async (name) => {
    const { files } = await generateVariant(await loadSpec(name));
    for (const file of COMMITTED.filter((file) => files.has(file))) {
      const committed = readFileSync(`${GENERATED}${name}/${file}`, "utf8");
      expect(committed === String(files.get(file)), `generated/${name}/${file} differs`).toBe(true);
    }
  });
});
