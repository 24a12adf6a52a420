/** Writes a build to disk: into a folder beside the final one first, so that nothing is ever half written. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedVariant, StageRecord } from "./pipeline.ts";

/** Writes `folder/<variant>/` and returns its path. `keepStages` adds what every stage handed on. */
export function writeVariant(variant: GeneratedVariant, folder: string, keepStages = false): string {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, variant.name);
  const temporary = mkdtempSync(join(folder, `.${variant.name}-`));
  try {
    for (const [name, text] of variant.files) writeFileSync(join(temporary, name), text);
    if (keepStages) writeStages(variant.stages, join(temporary, "stages"));
    chmodSync(temporary, 0o755); // mkdtemp made it for its owner alone
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/** Writes what the stages handed on, numbered in their order. */
export function writeStages(stages: readonly StageRecord[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  stages.forEach(({ name, text }, index) => {
    writeFileSync(join(folder, `${String(index + 1).padStart(2, "0")}-${name}.ts`), text());
  });
}
