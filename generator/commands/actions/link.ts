/** What `slabsmith link` does. */
import { readFileSync, writeFileSync } from "node:fs";
import { loadSpec } from "../../../spec/load-spec.ts";
import { resolveSpec } from "../../../spec/resolve.ts";
import { UserError } from "../../../spec/user-error.ts";
import { link } from "../../link/link.ts";
import type { LinkFlags } from "../link.ts";

export async function linkCommand(source: string, file: string, flags: LinkFlags): Promise<void> {
  const { spec } = await loadSpec(source);
  // Whatever a spec is for: linked it is a Wasm module's. What cannot be one is named.
  const { kernel, name } = resolveSpec({ ...spec, target: "wasm" }, spec.name);
  const program = read(file);
  const { binary, functions, base, end } = await link(kernel, file, program);
  const out = flags.out ?? file.replace(/(\.wasm)?$/, ".linked.wasm");
  write(out, binary);
  const bytes = { program: program.length, linked: binary.length };
  const result = { spec: name, program: file, file: out, functions, heap: { base, end }, bytes };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${[
          `${out}: ${bytes.linked} bytes, ${bytes.linked - bytes.program} more than ${file}`,
          `  ${functions.join(", ")} of ${name}`,
          `  the heap begins at ${base}, and may grow to ${end}`,
        ].join("\n")}\n`,
  );
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new UserError(`--out ${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
