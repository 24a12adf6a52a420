/** Tells builds apart that were made from different sources. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What a build is made from, its spec apart; … */
const FOLDERS = ["templates", "spec", "generator"];
/** … and what of that makes none. */
const OTHERS = ["check", "choices-page", "commands", "report", "tune"].map((folder) =>
  join("generator", folder),
);

let fingerprint: string | undefined;

/** Changes when a spec may come out as another build. Read once. */
export function sourcesFingerprint(): string {
  fingerprint ??= computed();
  return fingerprint;
}

function computed(): string {
  const hash = createHash("sha256");
  for (const folder of FOLDERS) {
    const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length))
      .filter((file) => !OTHERS.some((other) => file.startsWith(other)));
    for (const file of files.sort()) hash.update(file).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
