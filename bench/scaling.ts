/** What more threads gain: a contender's speed on a workload against its own with one thread. */
import type { SpeedUp, WorkloadResult } from "./compare.ts";

export interface Scaling {
  readonly id: string;
  readonly name: string;
  readonly threads: readonly number[];
  readonly results: readonly {
    readonly name: string;
    /** By number of threads; absent where it did not run. */
    readonly speedUp: Readonly<Record<number, SpeedUp>>;
  }[];
}

export function findScaling(workloads: readonly WorkloadResult[]): Scaling[] {
  const threaded = workloads.filter(({ threads }) => threads !== undefined);
  const ids = new Set(threaded.map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const runs = threaded.filter((each) => each.id === id);
    const single = runs.find(({ threads }) => threads === 1);
    if (!single || runs.length < 2) return [];
    const results = single.results.map(({ name }) => {
      const speedUp: Record<number, SpeedUp> = {};
      for (const run of runs) {
        const found = run.results.find((result) => result.name === name)?.speedUp;
        if (found !== undefined) speedUp[run.threads as number] = found;
      }
      return { name, speedUp };
    });
    return [{ id, name: single.name, threads: runs.map(({ threads }) => threads as number), results }];
  });
}
