/** What stands at a dotted path of a spec; undefined where the path ends early. */
export function valueAt(spec: unknown, path: string): unknown {
  let value = spec;
  for (const key of path === "" ? [] : path.split("."))
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}
