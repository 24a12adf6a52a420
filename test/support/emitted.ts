/**
 * Emitted builds for tests. Generating one takes a while and every test file runs in a worker of
 * its own, so builds are kept on disk for as long as what they are made from stays the same.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sourcesFingerprint } from "../../generator/sources-fingerprint.ts";
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import type {
  Heap,
  HeapCorruptionError,
  HeapHandle,
  HeapImage,
  HeapOptions,
  Leak,
} from "../../templates/host/api.ts";

/** What an emitted `index.js` exports. Only a flagged build takes a spec. */
export interface HeapModule {
  createHeap(options?: HeapOptions, spec?: KernelSpec): Heap;
  /** Of shared builds. */
  attachHeap(handle: HeapHandle, spec?: KernelSpec): Heap;
  /** Of builds with images. */
  openHeap(image: HeapImage, options?: HeapOptions, spec?: KernelSpec): Heap;
  readonly HeapCorruptionError: typeof HeapCorruptionError;
  /** Of builds with guards. */
  readonly formatLeaks?: (leaks: readonly Leak[]) => string;
}

/** Text of each file of a build by its name. */
export type Files = ReadonlyMap<string, string>;

const project = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(project, "node_modules", ".cache", "slabsmith-test");

const emitted = new Map<string, Promise<Files>>();

/** The files of a spec's build. */
export function emit(resolved: ResolvedSpec): Promise<Files> {
  let files = emitted.get(resolved.hash);
  if (files === undefined) {
    files = readOrGenerate(resolved);
    emitted.set(resolved.hash, files);
  }
  return files;
}

const modules = new Map<string, Promise<HeapModule>>();

/**
 * Runs the text of a module; the same text is run once. From a file, so that stack traces can be
 * read.
 */
export function importText(code: string): Promise<HeapModule> {
  let module = modules.get(code);
  if (module === undefined) {
    module = import(/* @vite-ignore */ urlOf(code));
    modules.set(code, module);
  }
  return module;
}

/** `allocator.wasm` of a build of target wasm: its `index.js` has it, too. */
export function wasmOf(files: Files): Uint8Array {
  const base64 = /WASM = "([^"]+)"/.exec(files.get("index.js") ?? "")?.[1];
  if (base64 === undefined) throw new Error("no build of target wasm");
  return Buffer.from(base64, "base64");
}

/** Where a module's text can be imported from, by this thread and by others. */
export function urlOf(code: string): string {
  const file = join(cache, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
  keep(file, code);
  return pathToFileURL(file).href;
}

/** Renamed into place: a worker beside this one finds all of it or nothing. */
function keep(file: string, text: string): void {
  mkdirSync(cache, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

interface Kept {
  readonly madeFrom: string;
  readonly files: readonly (readonly [name: string, text: string])[];
}

async function readOrGenerate(resolved: ResolvedSpec): Promise<Files> {
  const file = join(cache, `${resolved.hash}.json`);
  const kept = readKept(file);
  if (kept?.madeFrom === sourcesFingerprint()) return new Map(kept.files);

  // Loaded late: a compiler comes along, and builds that are kept need none.
  const { generateVariant } = await import("../../generator/pipeline.ts");
  const { files } = await generateVariant(resolved);
  keep(file, JSON.stringify({ madeFrom: sourcesFingerprint(), files: [...files] } satisfies Kept));
  return files;
}

function readKept(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
