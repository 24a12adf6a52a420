/** A build is believed after a replay with every payload checked, and so is the simulator. */
import { verifyReplay } from "../../bench/replay-verify.ts";
import type { Trace } from "../../bench/trace.ts";
import { type Build, createHeapFor, variantOf } from "../../bench/variant.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { simulate } from "./simulator/footprint.ts";

/** Beyond that the simulator is wrong. */
const AGREEMENT = 0.02;

export async function verify(build: Build, spec: ResolvedSpec, trace: Trace): Promise<void> {
  const heap = createHeapFor(await variantOf(build).instantiate(), trace);
  const { peakCommittedBytes } = verifyReplay(trace, heap, build.alignment);
  const told = simulate(trace, spec)?.peakCommittedBytes ?? 0;
  if (Math.abs(told / peakCommittedBytes - 1) <= AGREEMENT) return;
  throw new Error(
    `the simulator says that trace ${trace.name} commits ${told} bytes, and a replay on ${spec.hash} committed ${peakCommittedBytes}`,
  );
}
