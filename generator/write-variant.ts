/**
 * Writes a build to disk. A folder whose files are already what they would become is left alone, so
 * that nothing that watches it stirs. Otherwise the build goes into a folder beside the final one
 * first: nothing is ever half written.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { UserError } from "../spec/user-error.ts";
import type { GeneratedVariant, StageRecord } from "./pipeline.ts";

/** What a file holds. */
type Content = string | Uint8Array;

/** Writes `folder/<variant>/`. `keepStages` adds what every stage handed on. */
export function writeVariant(variant: GeneratedVariant, folder: string, keepStages = false): string {
  const target = join(folder, variant.name);
  const files = contentsOf(variant);
  if (!keepStages && differences(files, target).length === 0) return target;
  try {
    writeFolder(target, files, (temporary) => {
      if (keepStages) writeStages(variant.stages, join(temporary, "stages"));
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`--out ${folder}: cannot be written to (${code}); name another folder`);
  }
  return target;
}

/** All files of a build. */
export function contentsOf({ files, binaries }: GeneratedVariant): Map<string, Content> {
  return new Map<string, Content>([...files, ...binaries]);
}

/** Names of the files in which a folder is not what it should be; files too many count. */
export function differences(files: ReadonlyMap<string, Content>, folder: string): string[] {
  let found: string[];
  try {
    found = readdirSync(folder);
  } catch {
    return [...files.keys()];
  }
  const tooMany = found.filter((name) => !files.has(name));
  const differing = [...files].filter(([name, content]) => {
    return !found.includes(name) || !readFileSync(join(folder, name)).equals(Buffer.from(content));
  });
  return [...differing.map(([name]) => name), ...tooMany];
}

/** A folder that takes its place at once, when all of it is written. */
export function writeFolder(
  target: string,
  files: ReadonlyMap<string, Content>,
  addMore: (temporary: string) => void = () => {},
): void {
  const parent = join(target, "..");
  mkdirSync(parent, { recursive: true });
  const temporary = mkdtempSync(join(parent, ".slabsmith-"));
  try {
    for (const [name, content] of files) writeFileSync(join(temporary, name), content);
    addMore(temporary);
    chmodSync(temporary, 0o755); // mkdtemp made it for its owner alone
    replace(target, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Puts a folder in another one's place. The old one stands aside first: should anything fail, it
 * comes back.
 */
function replace(target: string, folder: string): void {
  const old = `${folder}-old`;
  const isThere = existsSync(target);
  if (isThere) renameSync(target, old);
  try {
    renameSync(folder, target);
  } catch (error) {
    if (isThere) renameSync(old, target);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Writes what the stages handed on, numbered in their order. */
export function writeStages(stages: readonly StageRecord[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  stages.forEach(({ name, text }, index) => {
    writeFileSync(join(folder, `${String(index + 1).padStart(2, "0")}-${name}.ts`), text());
  });
}
