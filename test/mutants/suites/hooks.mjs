/** Whoever imports vitest in a process that judges mutants gets what collects tests. */
const collect = new URL("./collect.ts", import.meta.url).href;

export function resolve(specifier, context, next) {
  return specifier === "vitest"
    ? { url: collect, shortCircuit: true, format: "module" }
    : next(specifier, context);
}
