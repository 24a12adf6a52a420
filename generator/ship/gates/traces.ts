/** Recorded traces through the minified build: every address, payload and account of the heap. */
import { verifyReplay } from "../../../bench/replay-verify.ts";
import { recordedTrace, TRACE_NAMES } from "../../../bench/workloads/recorded.ts";
import { demand, type Gate, GateClosed } from "../gate.ts";

/** On smaller traces a heap's own tables are most of the footprint. */
const SMALL_TRACE_BYTES = 1e6;

export const traces: Gate = {
  name: "recorded traces",
  async pass({ createHeap, resolved: { spec, ship = {} } }) {
    let operations = 0;
    const ratios: { trace: string; ratio: number }[] = [];
    for (const name of TRACE_NAMES) {
      const trace = recordedTrace(name);
      try {
        const seen = verifyReplay(trace, await createHeap(trace.peakLiveBytes), spec.alignment);
        operations += seen.operations;
        if (trace.peakLiveBytes > SMALL_TRACE_BYTES)
          ratios.push({ trace: name, ratio: seen.committedPerLive });
      } catch (error) {
        throw new GateClosed((error as Error).message);
      }
    }
    const worst = ratios.reduce((most, each) => (each.ratio > most.ratio ? each : most));
    const { maxCommittedRatio = worst.ratio } = ship;
    demand(
      worst.ratio <= maxCommittedRatio,
      `trace ${worst.trace} commits ${worst.ratio.toFixed(3)} times what it asks for; ship.maxCommittedRatio allows ${maxCommittedRatio}`,
    );
    return `${operations} operations of ${TRACE_NAMES.join(", ")}, every block's payload checked; at most ${worst.ratio.toFixed(2)} bytes committed per byte asked for (${worst.trace})`;
  },
};
