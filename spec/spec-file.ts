/** Files that hold a spec, by how their names end. */
export const SPEC_FILE_EXTENSIONS = [".json", ".jsonc", ".ts", ".mts", ".js", ".mjs"] as const;

export type SpecFile = `${string}${(typeof SPEC_FILE_EXTENSIONS)[number]}`;
