/**
 * What was judged already: a line for each mutant, added as soon as it is known. A later run of the
 * same sources goes on.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourcesFingerprint } from "../../generator/sources-fingerprint.ts";
import type { Verdict } from "./run.ts";

const TESTS = fileURLToPath(new URL("..", import.meta.url));

interface Line {
  readonly sources: string;
  readonly tests: string;
  readonly mutant: string;
  readonly verdict: Verdict;
}

export class Store {
  readonly #known = new Map<string, Verdict>();
  readonly #tests = testsFingerprint();

  constructor(private readonly file: string) {
    if (!existsSync(file)) return;
    for (const text of readFileSync(file, "utf8").split("\n")) {
      const line = readLine(text);
      if (line?.sources !== sourcesFingerprint()) continue;
      // What was told once is told; what was alive may be told by a suite that has changed since.
      if (line.verdict.told !== undefined || line.tests === this.#tests)
        this.#known.set(line.mutant, line.verdict);
      else this.#known.delete(line.mutant);
    }
  }

  get(mutant: string): Verdict | undefined {
    return this.#known.get(mutant);
  }

  add(mutant: string, verdict: Verdict): void {
    this.#known.set(mutant, verdict);
    mkdirSync(dirname(this.file), { recursive: true });
    const line: Line = { sources: sourcesFingerprint(), tests: this.#tests, mutant, verdict };
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

/** The last line of a run that was interrupted may be half a one. */
function readLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** Changes with the suites that judge. */
function testsFingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of ["heap", "support", "threads", "mutants"]) {
    for (const name of readdirSync(join(TESTS, folder), { recursive: true, encoding: "utf8" }).sort()) {
      if (name.endsWith(".ts")) hash.update(name).update(readFileSync(join(TESTS, folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
