/**
 * What a row's build must pass: generation with its type check, the differential suite, and with
 * threads the stress.
 */
import type { Heap } from "../../templates/host/api.ts";
import { answers, scripts } from "../support/differential.ts";
import type { Variant } from "../support/variants.ts";
import { nodeSubject } from "../threads/node-host.ts";
import { type Effort, scenariosFor } from "../threads/scenarios.ts";

/** Beyond this a scenario is at a standstill: most take a second. */
const PATIENCE_MS = 120_000;

/** Throws what went wrong, with where. */
export async function tryVariant(variant: Variant, effort: Effort): Promise<void> {
  await named("generating", variant.files());
  for (const [name, script] of scripts) {
    const { found, expected } = await named(`script ${name}`, answers(variant, script));
    const at = found.findIndex((answer, index) => answer !== expected[index]);
    if (at >= 0) throw new Error(`script ${name}, operation ${at}: ${found[at]}, not ${expected[at]}`);
  }
  if (!variant.resolved.kernel.manyThreads) return;
  const { module, ...others } = await nodeSubject(variant);
  const subject = {
    ...others,
    module: {
      ...module,
      createHeap: (...args: Parameters<typeof module.createHeap>) => walkable(module.createHeap(...args)),
    },
  };
  for (const { title, run } of scenariosFor(variant.resolved.kernel))
    await named(title, patiently(run(subject, effort)));
}

/** Scenarios ask the heap to check itself; a build without the walk has nothing to say to that. */
function walkable(heap: Heap): Heap {
  return typeof heap.check === "function" ? heap : Object.assign(heap, { check() {} });
}

async function named<T>(what: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

function patiently(run: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the threads came to a standstill")), PATIENCE_MS);
  });
  return Promise.race([run, limit]).finally(() => clearTimeout(timer));
}
