/** The library that records a native program: compiled where it is needed. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../spec/user-error.ts";

const SOURCE = fileURLToPath(new URL("./native/preload.c", import.meta.url));

/** Puts the library into the folder; returns its path. Throws a UserError where that cannot be. */
export function compilePreload(folder: string): string {
  if (process.platform !== "linux") {
    throw new UserError(
      `native programs can be recorded on Linux only, and this is ${process.platform}; run the command in a Linux container. Programs of Node, Bun and Deno that use recordHeap can be recorded here`,
    );
  }
  const library = join(folder, "preload.so");
  const compiler = process.env.CC ?? "cc";
  const flags = ["-O2", "-std=gnu11", "-shared", "-fPIC", "-fvisibility=hidden", "-fno-builtin"];
  try {
    execFileSync(compiler, [...flags, "-o", library, SOURCE, "-ldl", "-pthread"], { stdio: "pipe" });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    const complaint = /error: .*/.exec(String(stderr ?? ""))?.[0] ?? `${stderr ?? code}`.trim();
    throw new UserError(
      code === "ENOENT"
        ? `a native program is recorded by a small library that is compiled first, and there is no C compiler "${compiler}": install one (Debian: apt-get install gcc libc6-dev), or name one in CC`
        : `the library that records native programs does not compile with "${compiler}" (${complaint}): it needs the headers of the C library (Debian: apt-get install libc6-dev); CC names another compiler`,
    );
  }
  return library;
}
