/** Guards and observation. */
import type { Choices } from "../schema.ts";
import { sizeClassList } from "../size-classes.ts";
import type { Finding } from "./rule.ts";

export function* guards({ guards, header, alignment }: Choices): Iterable<Finding> {
  if (guards.headerCheck && !header) {
    yield ["guards.headerCheck", "there is no header to check: header is false", "use header true"];
  }
  if (guards.quarantine > 0 && !guards.poison) {
    yield [
      "guards.quarantine",
      `nothing looks at the ${guards.quarantine} bytes kept from reuse: guards.poison is false`,
      "use guards.poison true",
    ];
  }
  const states = guards.doubleFree || guards.poison || guards.quarantine > 0 || guards.redZone > 0;
  if (guards.stacks && !states) {
    yield ["guards.stacks", "no guard that is on remembers blocks", "use guards.doubleFree true"];
  }
  if (guards.redZone % alignment !== 0) {
    yield [
      "guards.redZone",
      `${guards.redZone} is not a multiple of alignment ${alignment}`,
      `use ${Math.ceil(guards.redZone / alignment) * alignment}`,
    ];
  }
}

export function* observation(spec: Choices): Iterable<Finding> {
  const { counters, traceRing, logLimit } = spec.observe;
  const classes = new Set(sizeClassList(spec));
  for (const [index, bytes] of (counters ? counters.classes : []).entries()) {
    if (!classes.has(bytes)) {
      yield [
        `observe.counters.classes.${index}`,
        `sizeClasses has no block of ${bytes} bytes`,
        "use the size of a class",
      ];
    }
  }
  const prints = counters || traceRing || isGuarded(spec);
  if (logLimit > 0 && !prints) {
    yield [
      "observe.logLimit",
      `it limits messages to ${logLimit}, and no guard, counter or trace prints one`,
      "leave it out",
    ];
  }
}

/** Whether any guard is on. */
export function isGuarded({ guards }: Choices): boolean {
  const { listValidation, pushValidation, ownership, doubleFree, poison, quarantine, redZone } = guards;
  const flags = [listValidation, pushValidation, ownership, doubleFree, poison, guards.headerCheck];
  return flags.includes(true) || guards.arguments || quarantine > 0 || redZone > 0;
}
