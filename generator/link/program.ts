/** The program that an allocator is linked into: what it imports, and where its heap may begin. */
import type binaryen from "binaryen";
import { UserError } from "../../spec/user-error.ts";
import type { Binaryen } from "../targets/wasm/assemble.ts";

export interface WasmProgram {
  /** The module as text. */
  readonly text: string;
  /** Functions of an allocator that it imports: that name, and the function's in the text. */
  readonly imports: ReadonlyMap<string, string>;
  /** First address behind the program's own data. */
  readonly heapBase: number;
  /** Whether that memory is zero when the program begins: it is the program's own. */
  readonly isZeroed: boolean;
  /** Bytes that the memory may grow to. */
  readonly maxBytes: number;
}

const WASM_PAGE = 65536;
/** The kind of an export that is a global. */
const GLOBAL = 3;

/** Parameters of an allocator's functions; all are words. Only `free` has no result. */
export const ALLOCATOR: ReadonlyMap<string, { readonly parameters: number; readonly inKernel: string }> =
  new Map([
    ["malloc", { parameters: 1, inKernel: "malloc" }],
    ["calloc", { parameters: 2, inKernel: "calloc" }],
    ["realloc", { parameters: 2, inKernel: "realloc" }],
    ["aligned_alloc", { parameters: 2, inKernel: "memalign" }],
    ["memalign", { parameters: 2, inKernel: "memalign" }],
    ["free", { parameters: 1, inKernel: "free" }],
    ["malloc_usable_size", { parameters: 1, inKernel: "usableSize" }],
  ]);

/** Reads a module; a UserError says why an allocator cannot be linked into it. */
export function readProgram(file: string, bytes: Uint8Array, tool: Binaryen): WasmProgram {
  const module = parse(file, bytes, tool);
  try {
    const text = module.emitText();
    const { maxBytes, isOwn, initialBytes } = memoryOf(file, module, text);
    const imports = importsOf(file, module, tool);
    return {
      text,
      imports,
      heapBase: heapBaseOf(module, tool) ?? initialBytes,
      isZeroed: isOwn,
      maxBytes,
    };
  } finally {
    module.dispose();
  }
}

function parse(file: string, bytes: Uint8Array, tool: Binaryen): binaryen.Module {
  const isWasm = bytes.length >= 8 && Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from("\0asm"));
  if (!isWasm)
    throw new UserError(`${file}: this is no WebAssembly module; give the .wasm file of a program`);
  try {
    return tool.readBinary(bytes);
  } catch {
    throw new UserError(`${file}: the module is damaged, or uses what binaryen cannot read`);
  }
}

function memoryOf(file: string, module: binaryen.Module, text: string) {
  const memories = text.match(/\(memory \$[^)]*\)/g)?.filter((part) => /\$\S+ (i64 )?\d+/.test(part)) ?? [];
  if (memories.length === 0)
    throw new UserError(`${file}: it has no memory, and a heap needs one; export or import a memory`);
  if (memories.length > 1)
    throw new UserError(`${file}: it has ${memories.length} memories, and the heap could lie in one only`);
  const { module: from, initial, shared, is64 } = module.getMemoryInfo(/\$(\S+)/.exec(memories[0]!)![1]!);
  if (shared)
    throw new UserError(
      `${file}: its memory is shared by threads, and this allocator is for one; link without --shared-memory`,
    );
  if (is64) throw new UserError(`${file}: its memory has 64-bit addresses, and the allocator's have 32 bits`);
  const most = /\$\S+ \d+ (\d+)/.exec(memories[0]!)?.[1];
  const pages = most === undefined ? 65536 : Number(most);
  return { initialBytes: initial * WASM_PAGE, maxBytes: pages * WASM_PAGE, isOwn: !from };
}

/** The allocator's functions that a program imports, from whatever module. */
function importsOf(file: string, module: binaryen.Module, tool: Binaryen): Map<string, string> {
  const imports = new Map<string, string>();
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const { name, module: from, base, params, results } = tool.getFunctionInfo(module.getFunctionByIndex(i));
    const known = ALLOCATOR.get(base ?? "");
    if (!from || !base || known === undefined) continue;
    const words = tool.expandType(params);
    const isRight =
      words.length === known.parameters &&
      words.every((type) => type === tool.i32) &&
      results === (base === "free" ? tool.none : tool.i32);
    if (!isRight) {
      throw new UserError(
        `${file}: it imports ${from}.${base} with other parameters than the allocator's ${base}: ${known.parameters} of i32, and ${base === "free" ? "no result" : "an i32"}`,
      );
    }
    if (imports.has(base)) throw new UserError(`${file}: it imports ${base} from two modules; one must go`);
    imports.set(base, name);
  }
  if (imports.size === 0) {
    throw new UserError(
      `${file}: it imports none of ${[...ALLOCATOR.keys()].join(", ")}; leave them undefined when it is linked (wasm-ld --allow-undefined), and without a malloc of its own`,
    );
  }
  return imports;
}

/** The value of an exported `__heap_base`, which wasm-ld sets behind data and stack. */
function heapBaseOf(module: binaryen.Module, tool: Binaryen): number | undefined {
  for (let i = 0; i < module.getNumExports(); i++) {
    const { kind, name, value } = tool.getExportInfo(module.getExportByIndex(i));
    if (name !== "__heap_base" || kind !== GLOBAL) continue;
    const { init } = tool.getGlobalInfo(module.getGlobal(value));
    const known = tool.getExpressionInfo(init) as { value?: number };
    return typeof known.value === "number" ? known.value >>> 0 : undefined;
  }
  return undefined;
}
