/**
 * Measures candidates beside the default, in interleaved runs of a few builds each. Every build is
 * verified once with every payload before its speed counts.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../bench/bench.ts";
import type { Progress } from "../../bench/progress.ts";
import type { BenchReport } from "../../bench/report.ts";
import type { Trace } from "../../bench/trace.ts";
import type { Build } from "../../bench/variant.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { sourcesFingerprint } from "../sources-fingerprint.ts";
import type { Measured, MeasuredFile, Sampling } from "./measured.ts";
import type { Part } from "./parts.ts";

/** More contenders wait longer for their turn. */
const GROUP_SIZE = 5;

const silent: Progress = { start() {}, step() {}, stop() {} };

/** What measuring needs from outside. */
export interface Tools {
  build(spec: ResolvedSpec): Promise<Build>;
  /** Replays a trace with every payload checked; throws what is wrong. */
  verify(build: Build, spec: ResolvedSpec, trace: Trace): Promise<void>;
  measure(plan: Plan, progress: Progress): Promise<BenchReport>;
  readonly progress: Progress;
  /** Milliseconds that have passed. */
  now(): number;
}

export class Measuring {
  readonly #builds = new Map<string, Build>();
  readonly #folder = mkdtempSync(join(tmpdir(), "slabsmith-tune-"));
  readonly #remove = (): void => rmSync(this.#folder, { recursive: true, force: true });

  constructor(
    private readonly base: ResolvedSpec,
    private readonly file: MeasuredFile,
    private readonly tools: Tools,
  ) {
    process.once("exit", this.#remove);
  }

  /** By the specs' hashes. Groups that have not begun when it is late are missing. */
  async compare(
    specs: readonly ResolvedSpec[],
    parts: readonly Part[],
    sampling: Sampling,
    isLate: () => boolean,
  ): Promise<Map<string, Measured>> {
    const keyOf = this.#keys(parts, sampling);
    const missing = specs.filter((spec) => this.file.get(keyOf(spec)) === undefined);
    for (let at = 0; at < missing.length && !isLate(); at += GROUP_SIZE) {
      await this.#measureGroup(missing.slice(at, at + GROUP_SIZE), parts, sampling, keyOf);
    }
    return this.#known(specs, keyOf);
  }

  /** The same in one run, so that the specs can be compared with each other, round by round. */
  async compareAll(
    specs: readonly ResolvedSpec[],
    parts: readonly Part[],
    sampling: Sampling,
  ): Promise<Map<string, Measured>> {
    const distinct = [...new Map(specs.map((spec) => [spec.hash, spec])).values()];
    const company = hashOf(distinct.map(({ hash }) => hash));
    const keyOf = this.#keys(parts, sampling, company);
    const isMissing = distinct.some((spec) => this.file.get(keyOf(spec)) === undefined);
    if (isMissing) await this.#measureGroup(distinct, parts, sampling, keyOf);
    return this.#known(distinct, keyOf);
  }

  #known(specs: readonly ResolvedSpec[], keyOf: (spec: ResolvedSpec) => string): Map<string, Measured> {
    const found = specs.flatMap((spec) => {
      const measured = this.file.get(keyOf(spec));
      return measured ? [[spec.hash, measured] as const] : [];
    });
    return new Map(found);
  }

  async build(spec: ResolvedSpec): Promise<Build> {
    let build = this.#builds.get(spec.hash);
    if (build === undefined) {
      this.tools.progress.step(`generating ${this.#builds.size + 1}`);
      build = { ...(await this.tools.build(spec)), name: spec.hash };
      this.#builds.set(spec.hash, build);
    }
    return build;
  }

  close(): void {
    process.off("exit", this.#remove);
    this.#remove();
  }

  async #measureGroup(
    group: readonly ResolvedSpec[],
    parts: readonly Part[],
    sampling: Sampling,
    keyOf: (spec: ResolvedSpec) => string,
  ): Promise<void> {
    const builds = [await this.build(this.base)];
    for (const spec of group) {
      const build = await this.build(spec);
      for (const { trace } of parts) await this.tools.verify(build, spec, trace);
      builds.push(build);
    }
    this.tools.progress.step(`measuring ${group.length} of them, ${sampling.rounds} rounds`);
    const { workloads } = await this.tools.measure(
      {
        builds,
        peers: [],
        workloads: [],
        traces: parts.map((part) => this.#fileOf(part)),
        special: [],
        threaded: [],
        settings: { ...sampling, baseline: this.base.hash },
      },
      silent,
    );
    for (const spec of group) {
      const ratios = workloads.map(({ results }) => {
        const roundsOf = (name: string) => results.find((result) => result.name === name)?.rounds ?? [];
        const base = roundsOf(this.base.hash);
        return roundsOf(spec.hash).map((speed, round) => speed / (base[round] as number));
      });
      const gzipBytes = this.#builds.get(spec.hash)?.bytes.gzip as number;
      this.file.add({ key: keyOf(spec), ratios, gzipBytes });
    }
  }

  #fileOf({ trace, text }: Part): string {
    const file = join(this.#folder, `${trace.name}.trace`);
    writeFileSync(file, text);
    return file;
  }

  #keys(
    parts: readonly Part[],
    { rounds, samples, seconds }: Sampling,
    company = "",
  ): (spec: ResolvedSpec) => string {
    const traces = hashOf(parts.map(({ text }) => text));
    const same = [this.base.hash, sourcesFingerprint(), traces, rounds, samples, seconds];
    return (spec) => [spec.hash, ...same, company].join(" ").trim();
  }
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 16);
}
