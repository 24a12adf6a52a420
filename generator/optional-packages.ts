/** Packages that only some commands need: they are not installed with slabsmith, but asked for. */
import { createRequire } from "node:module";
import { UserError } from "../spec/user-error.ts";
import { packageJson } from "./version.ts";

const require = createRequire(import.meta.url);

/** Throws with the line to type where a package is missing that `purpose` needs. */
export function requirePackages(purpose: string, names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const wanted = missing.map((name) => `${name}@${packageJson.peerDependencies[name]}`);
  throw new UserError(
    `${purpose} needs ${missing.join(" and ")}, which slabsmith does not bring along: npm install --save-dev ${wanted.join(" ")}`,
  );
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
