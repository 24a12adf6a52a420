/** What changed since an earlier package, and which step of semver that is. */
import type { ShipManifest, Shipped } from "./shipped.ts";

export const STEPS = ["patch", "minor", "major"] as const;
export type Step = (typeof STEPS)[number];

export interface Changes {
  readonly since: string;
  /** Lines of the declarations that are gone, and that are new. */
  readonly api: { readonly removed: readonly string[]; readonly added: readonly string[] };
  readonly layout: boolean;
  readonly bytes: { readonly min: number; readonly gzip: number };
  readonly step: Step;
}

type New = Pick<ShipManifest, "layout" | "bytes">;

/**
 * Something that is no longer declared is a major step. So is another layout where heaps outlive
 * their program and are opened again; elsewhere it is a minor one, as new declarations are.
 */
export function changesSince(earlier: Shipped, manifest: New, declarations: string): Changes {
  const before = declared(earlier.read("index.d.ts"));
  const now = declared(declarations);
  const api = {
    removed: before.filter((line) => !now.includes(line)),
    added: now.filter((line) => !before.includes(line)),
  };
  const layout = earlier.manifest.layout !== manifest.layout;
  const opensImages = now.some((line) => line.includes("function openHeap"));
  const isMajor = api.removed.length > 0 || (layout && opensImages);
  const isMinor = api.added.length > 0 || layout;
  return {
    since: earlier.manifest.version,
    api,
    layout,
    bytes: {
      min: manifest.bytes.min - earlier.manifest.bytes.min,
      gzip: manifest.bytes.gzip - earlier.manifest.bytes.gzip,
    },
    step: isMajor ? "major" : isMinor ? "minor" : "patch",
  };
}

export function nextVersion({ since, step }: Changes): string {
  const [major = 0, minor = 0, patch = 0] = since.split(".").map(Number);
  if (step === "major") return `${major + 1}.0.0`;
  return step === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** The step from one version to another; undefined: it is none. */
export function stepBetween(before: string, after: string): Step | undefined {
  const [a, b] = [before, after].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const first = [0, 1, 2].find((part) => a[part] !== b[part]);
  if (first === undefined || (b[first] as number) < (a[first] as number)) return undefined;
  return (["major", "minor", "patch"] as const)[first];
}

/** Lines of declarations, each with what it stands in; comments are no part of an interface. */
function declared(text: string): string[] {
  const lines = text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const path: string[] = [];
  return lines.map((line) => {
    if (line.startsWith("}")) path.pop();
    const whole = [...path, line].join(" ");
    if (line.endsWith("{")) path.push(line);
    return whole;
  });
}
