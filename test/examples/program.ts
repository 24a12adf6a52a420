/** Examples as whoever reads them runs them: as programs. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The lines that an example prints. Rejects if it fails. */
export async function linesOf(example: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", `examples/${example}.ts`],
    { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: "" } },
  );
  return stdout.trimEnd().split("\n");
}
