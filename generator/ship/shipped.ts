/**
 * A package that was shipped before: read, and believed only as far as its manifest's hashes reach.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../spec/user-error.ts";
import type { Manifest } from "../pipeline.ts";
import type { Evidence } from "./gate.ts";

export interface ShipManifest extends Manifest {
  readonly package: string;
  readonly version: string;
  /**
   * Changes with the places of records, tables and blocks: whether a heap's memory means the same
   * to two builds.
   */
  readonly layout: string;
  /** SHA-256 of every other file. */
  readonly files: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

export interface Shipped {
  readonly manifest: ShipManifest;
  readonly read: (file: string) => string;
}

export const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

export function readShipped(folder: string): Shipped {
  const refuse = (problem: string): never => {
    throw new UserError(
      `--against ${folder}: ${problem}; name the folder of a package that slabsmith shipped`,
    );
  };
  const read = (file: string): string => {
    try {
      return readFileSync(join(folder, file), "utf8");
    } catch (error) {
      return refuse(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  let manifest: ShipManifest;
  try {
    manifest = JSON.parse(read("manifest.json"));
  } catch (error) {
    if (error instanceof UserError) throw error;
    return refuse("manifest.json is no JSON");
  }
  if (typeof manifest?.version !== "string" || typeof manifest.files !== "object") {
    refuse("manifest.json is of no shipped package");
  }
  const changed = Object.entries(manifest.files).filter(([file, hash]) => hashOf(read(file)) !== hash);
  if (changed.length > 0) refuse(`${changed.map(([file]) => file).join(", ")} changed after it was shipped`);
  return { manifest, read };
}
