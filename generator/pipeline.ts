/**
 * Pipeline: from a resolved spec to the files of its build.
 *
 * fold, select, tidy, inline, splice (until nothing changes) → lower → place → frame → format →
 * verify → bundle. Every stage is a function from a value to the next one.
 */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { ResolvedSpec } from "../spec/resolve.ts";
import { UserError } from "../spec/user-error.ts";
import { layOutMetadata } from "./explain/metadata.ts";
import { tierLine } from "./explain/tiers.ts";
import { readKernel } from "./kernel-source.ts";
import { knownChoices } from "./known-choices.ts";
import { type Bundle, bundle } from "./stages/bundle.ts";
import { chooseComments } from "./stages/comments.ts";
import { companion } from "./stages/companion.ts";
import { Evaluator } from "./stages/evaluate.ts";
import { format } from "./stages/format.ts";
import { type Frame, frameAllocator, frameDeclarations, frameModule } from "./stages/frame.ts";
import { LOCAL_NEEDS, lowerLocal, lowerShared } from "./stages/lower.ts";
import { drawMemoryMap } from "./stages/memory-map.ts";
import { place } from "./stages/place.ts";
import type { Program } from "./stages/program.ts";
import type { Roots } from "./stages/select.ts";
import { specialise } from "./stages/specialise.ts";
import { verify } from "./stages/verify.ts";
import { makeCFiles } from "./targets/c/files.ts";
import { makeWasmCore } from "./targets/wasm/core.ts";
import { withWasmCalls } from "./targets/wasm/face.ts";
import { version } from "./version.ts";

export interface Manifest {
  readonly name: string;
  readonly spec: ResolvedSpec["spec"];
  readonly specHash: string;
  readonly generator: string;
  readonly bytes: Bundle["bytes"] & {
    /** Target wasm: of allocator.wasm. */
    readonly wasm?: number;
  };
}

export interface GeneratedVariant {
  readonly name: string;
  /** Text of each file by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** The same of files that are not text. */
  readonly binaries: ReadonlyMap<string, Uint8Array>;
  readonly manifest: Manifest;
  /** What each stage handed on, and how long it took. */
  readonly stages: readonly StageRecord[];
}

export interface StageRecord {
  readonly name: string;
  readonly milliseconds: number;
  readonly text: () => string;
}

export interface GenerateOptions {
  /** The kernel to specialise; this package's own unless a test brings another. */
  readonly kernel?: Program;
  /** Told what each stage hands on, also when a later one fails. */
  readonly observe?: (stage: StageRecord) => void;
}

const CREATE = "createHeap";
/** Makes `index.js` an ES module wherever the folder is put. */
const PACKAGE = `${JSON.stringify({ type: "module", main: "index.js", types: "index.d.ts" }, null, 2)}\n`;
const ATTACH = "attachHeap";
const OPEN = "openHeap";
const FORMAT_STATS = "formatStats";
const FORMAT_LEAKS = "formatLeaks";

export async function generateVariant(
  resolved: ResolvedSpec,
  options: GenerateOptions = {},
): Promise<GeneratedVariant> {
  if (resolved.target === "c") return generateC(resolved);
  const stages: StageRecord[] = [];
  let start = performance.now();
  const note: Note = (name, text) => {
    const now = performance.now();
    const stage = { name, milliseconds: now - start, text };
    stages.push(stage);
    options.observe?.(stage);
    start = now;
  };

  const frame = frameOf(resolved);
  const core = resolved.target === "wasm" ? await makeWasmCore(resolved, headOf(frame)) : undefined;
  if (core !== undefined) note("wasm", () => core.text);
  const own = options.kernel ?? readKernel();
  const kernel = core === undefined ? own : withWasmCalls(own, core.binary);
  const { reclaim, api } = resolved.kernel;
  const allocator = writeAllocator(resolved, kernel, note);
  // A flagged build has the code of every choice, so it may speak of all of them.
  const flagged = resolved.lowering === "flagged";
  const holds = flagged ? () => true : new Evaluator(kernel, knownChoices(resolved)).holds;
  const { declarations } = verify(allocator, new Set(flagged ? ["spec"] : []), kernel, holds);
  note("verify", () => declarations);
  const { readable, minified, bytes } = await bundle(allocator);
  note("bundle", () => readable);

  const { name, spec, hash } = resolved;
  const manifest: Manifest = {
    name,
    spec,
    specHash: hash,
    generator: frame.generator,
    bytes: { ...bytes, ...(core && { wasm: core.binary.length }) },
  };
  const files = new Map([
    ["allocator.ts", allocator],
    ["index.js", frameModule(frame, readable)],
    ["index.min.js", minified],
    ["index.d.ts", frameDeclarations(frame, declarations)],
    ["index.min.d.ts", frameDeclarations(frame, 'export * from "./index.js";')],
    ["manifest.json", `${JSON.stringify(manifest, null, 2)}\n`],
    ["package.json", PACKAGE],
    ...(reclaim ? await companion("workers") : []),
    ...(api.image ? await companion("image") : []),
    ...(core ? ([["allocator.wat", core.text]] as const) : []),
  ]);
  const binaries = new Map(core && [["allocator.wasm", core.binary]]);
  return { name, files, binaries, manifest, stages };
}

/** The JavaScript of a build. A C build has none. */
export function javaScriptOf({ name, files }: Pick<GeneratedVariant, "name" | "files">): string {
  const code = files.get("index.js");
  if (code === undefined)
    throw new UserError(`${name}: a build of target c cannot be run here; use target "typescript" or "wasm"`);
  return code;
}

/** Of C "minified" means: without comments. */
function generateC(resolved: ResolvedSpec): GeneratedVariant {
  const { name, spec, hash } = resolved;
  const frame = frameOf(resolved);
  const sources = makeCFiles(resolved, headOf(frame));
  const source = sources.get("allocator.c")!;
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\n\s*\n/g, "\n");
  const bytes = {
    raw: Buffer.byteLength(source),
    min: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
  };
  const manifest = { name, spec, specHash: hash, generator: frame.generator, bytes };
  const files = new Map([...sources, ["manifest.json", `${JSON.stringify(manifest, null, 2)}\n`]]);
  return { name, files, binaries: new Map(), manifest, stages: [] };
}

/** Told what a stage hands on. */
type Note = (stage: string, text: () => string) => void;

/** The text of `allocator.ts`: all stages that make it, none that looks at it. */
export function writeAllocator(resolved: ResolvedSpec, kernel: Program, note: Note = () => {}): string {
  const flagged = resolved.lowering === "flagged";
  const choices = knownChoices(resolved);
  const roots: Roots = {
    names: exportsOf(resolved),
    implied: LOCAL_NEEDS,
  };
  const special = specialise(kernel, choices, roots, (name, program) => note(name, () => textOf(program)));
  const lowered = resolved.kernel.manyThreads ? lowerShared(special) : lowerLocal(special);
  note("lower", () => textOf(lowered));
  const extra = flagged ? [{ name: "spec", type: "KernelSpec", value: "SPEC" }] : [];
  const placed = place(lowered, { form: resolved.form, create: CREATE, exports: roots.names, extra });
  note("place", () => `${placed.moduleLevel}\n\n${placed.heap}\n`);
  const framed = chooseComments(
    frameAllocator(frameOf(resolved), placed),
    new Evaluator(kernel, choices).holds,
  );
  note("frame", () => framed);
  const allocator = format(framed);
  note("format", () => allocator);
  return allocator;
}

/** What a build exports. */
function exportsOf({ kernel, lowering }: ResolvedSpec): string[] {
  const flagged = lowering === "flagged";
  return [
    CREATE,
    ...(kernel.manyThreads ? [ATTACH] : []),
    ...(flagged || kernel.api.image ? [OPEN] : []),
    ...(kernel.observe.counters ? [FORMAT_STATS] : []),
    ...(kernel.guards.states ? [FORMAT_LEAKS] : []),
  ];
}

/**
 * Several, in their order: while one is bundled, by another process, `generate` is on its way with
 * the next one.
 */
export async function generateEach<Result>(
  specs: readonly ResolvedSpec[],
  generate: (spec: ResolvedSpec) => Promise<Result>,
): Promise<Result[]> {
  const started: Promise<Result>[] = [];
  for (const spec of specs) {
    const previous = started.at(-1);
    started.push(generate(spec));
    if (previous !== undefined) await Promise.race([previous, Promise.all(started)]);
  }
  return Promise.all(started);
}

function frameOf(resolved: ResolvedSpec): Frame {
  const { name, hash, lowering, kernel } = resolved;
  const frame: Frame = {
    generator: `slabsmith ${version}`,
    name,
    hash,
    choices: choiceLines(resolved),
    memoryMap: drawMemoryMap(layOutMetadata(resolved).regions),
  };
  if (lowering !== "flagged") return frame;
  return { ...frame, runtimeSpec: { type: kernelSpecType(), value: JSON.stringify(kernel) } };
}

/** What stands at the beginning of a file that is not JavaScript. */
function headOf({ generator, name, hash, memoryMap, choices }: Frame): string[] {
  return [
    `@generated by ${generator} from the spec ${name} (${hash}). Do not edit.`,
    "",
    ...memoryMap,
    "",
    ...choices,
  ];
}

function choiceLines({ form, lowering, memoryKind, kernel, target }: ResolvedSpec): string[] {
  const { lru } = kernel;
  const how =
    target === "typescript"
      ? `${lowering} lowering, ${form} form`
      : target === "wasm"
        ? "WebAssembly"
        : "C11";
  const kib = (shift: number) => `${2 ** shift / 1024} KiB`;
  return [
    `${how}; ${kernel.threads} thread${kernel.threads === 1 ? "" : "s"}; ${memoryKind}`,
    `SuperSlabs of ${kib(kernel.superSlabShift)}, pages of ${kib(kernel.pageShift)}, blocks at multiples of ${1 << kernel.alignShift}`,
    `${kernel.classCount} size classes up to ${kernel.maxClassBytes} bytes, ${kernel.headerBytes > 0 ? `headers of ${kernel.headerBytes} bytes` : "no headers"}`,
    `${tierLine(kernel)}; ${lru.entries > 0 ? `LRU of ${lru.entries} SuperSlabs` : "empty SuperSlabs are given back"}`,
  ];
}

/** The type of the spec, as a flagged build carries it. */
function kernelSpecType(): string {
  const text = readFileSync(new URL("../spec/kernel-spec.ts", import.meta.url), "utf8");
  return text.trimEnd();
}

function textOf({ modules }: Program): string {
  return modules.map(({ path, text }) => `// ${path}\n${text.trim()}\n`).join("\n");
}
