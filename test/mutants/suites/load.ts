/** The suites, loaded to be run on whatever build stands for the variants'. */
import { readdirSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { type CollectedTest, collect, collected } from "./collect.ts";

/** Folders of suites: the quick ones first. */
const FOLDERS = ["heap", "threads"];
/** What these look at is the text of builds, or they run builds of their own in other threads. */
const NOT_RUN = new Set([
  "heap/mutants.test.ts",
  "heap/types.test.ts",
  "heap/steps.test.ts",
  "heap/damage.test.ts",
  "heap/images.test.ts",
  "heap/damaged-images.test.ts",
  "heap/sparse-images.test.ts",
  "threads/images.test.ts",
]);

/** Whoever calls it has said before which build is to stand for the variants'. */
export async function loadSuites(): Promise<readonly CollectedTest[]> {
  register(new URL("./hooks.mjs", import.meta.url));
  // A property that fails has told; the shortest script that does is of no use here.
  fc.configureGlobal({ endOnFailure: true });
  for (const file of suiteFiles()) {
    await collect(file, () => import(new URL(`../../${file}`, import.meta.url).href));
  }
  return collected;
}

function suiteFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(`../../${folder}/`, import.meta.url)))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `${folder}/${name}`)
      .filter((file) => !NOT_RUN.has(file)),
  );
}
