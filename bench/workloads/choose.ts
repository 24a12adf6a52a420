import { UserError } from "../../spec/user-error.ts";

/**
 * `W3/256` names one of the ids, `W3` all of its kind, in any case of letters. `known` is what a
 * mistake is told.
 */
export function matching(
  names: readonly string[],
  ids: readonly string[],
  known: readonly string[],
): string[] {
  const found = names.flatMap((name) => {
    const wanted = name.toLowerCase();
    const matches = ids.filter((id) => {
      const lower = id.toLowerCase();
      return lower === wanted || lower.startsWith(`${wanted}/`);
    });
    if (matches.length === 0) throw new UserError(`unknown workload "${name}"; known: ${known.join(", ")}`);
    return matches;
  });
  return [...new Set(found)];
}
