/**
 * Allocators written in C, measured by the twins in `native/`: the same loops, compiled here
 * against each library.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { OpenContender } from "../contender.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Peer } from "./peer.ts";

const SOURCES = fileURLToPath(new URL("./native/", import.meta.url));

interface Library {
  readonly id: string;
  readonly name: string;
  readonly doc: string;
  readonly flags: readonly string[];
  readonly install: string;
}

export const mimalloc = nativePeer({
  id: "mimalloc",
  name: "C mimalloc",
  doc: "mimalloc through its own functions, in C",
  flags: ["-DTWIN_MIMALLOC", "-lmimalloc"],
  install: "a C compiler and mimalloc's headers (Debian: apt-get install gcc libc6-dev libmimalloc-dev)",
});

export const libc = nativePeer({
  id: "libc",
  name: "C libc",
  doc: "malloc and free of the C library",
  flags: [],
  install: "a C compiler (Debian: apt-get install gcc libc6-dev)",
});

function nativePeer({ id, name, doc, flags, install }: Library): Peer {
  return {
    id,
    doc,
    async find() {
      const folder = mkdtempSync(join(tmpdir(), "slabsmith-twin-"));
      process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
      const program = join(folder, "twin");
      const sources = readdirSync(SOURCES).filter((file) => file.endsWith(".c"));
      try {
        await promisify(execFile)(
          process.env.CC ?? "cc",
          ["-O2", "-pthread", "-o", program, ...sources, ...flags],
          {
            cwd: SOURCES,
          },
        );
      } catch (error) {
        const complaint = /error: .*/.exec((error as Error).message)?.[0] ?? (error as Error).message;
        return { unavailable: `not available (${complaint}): it needs ${install}` };
      }
      const open = (workload: NativeWork) => openTwin(program, folder, workload);
      return { name, open, openThreads: open };
    },
  };
}

type NativeWork = Pick<Workload, "name" | "native">;

let files = 0;

async function openTwin(program: string, folder: string, workload: NativeWork): Promise<OpenContender> {
  const { loop, input } = workload.native;
  const file = join(folder, `${files++}.words`);
  writeFileSync(
    file,
    Buffer.concat(input.map((words) => Buffer.from(words.buffer, words.byteOffset, words.byteLength))),
  );
  const child = spawn(program, [loop, file]);
  await once(child, "spawn");
  // Should the twin die, the missing answer says so; the broken pipe would only say it worse.
  child.stdin.on("error", () => {});
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async sample({ samples, seconds }) {
      child.stdin.write(`${samples} ${seconds}\n`);
      const answer = await answers.next();
      if (answer.done) throw new Error(`the twin of ${workload.name} in C stopped`);
      return answer.value.trim().split(" ").map(Number);
    },
    close: () => child.stdin.end(),
  };
}
