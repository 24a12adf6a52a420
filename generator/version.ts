/**
 * This package's own package.json, which lies elsewhere beside the sources than beside what is
 * published.
 */
import { createRequire } from "node:module";

interface PackageJson {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const packageJson = createRequire(import.meta.url)("slabsmith/package.json") as PackageJson;

export const { version } = packageJson;
