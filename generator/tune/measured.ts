/**
 * What was measured, as JSON lines: a line for each candidate beside the default, written as soon
 * as it is known. A run that was interrupted finds its lines again; half a line at the end is cut
 * off.
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { UserError } from "../../spec/user-error.ts";

export interface Sampling {
  readonly rounds: number;
  readonly samples: number;
  readonly seconds: number;
}

/** Of one candidate; the same key, the same thing measured in the same way. */
export interface Measured {
  readonly key: string;
  /** Per trace and round: its speed over the default's in the same round. */
  readonly ratios: readonly (readonly number[])[];
  readonly gzipBytes: number;
}

export class MeasuredFile {
  readonly #byKey = new Map<string, Measured>();

  /** Undefined: nothing is kept. */
  constructor(
    private readonly file: string | undefined,
    fresh: boolean,
  ) {
    if (file === undefined || !existsSync(file)) return;
    if (fresh) rmSync(file);
    else this.#read(file);
  }

  get(key: string): Measured | undefined {
    return this.#byKey.get(key);
  }

  add(measured: Measured): void {
    this.#byKey.set(measured.key, measured);
    if (this.file === undefined) return;
    try {
      appendFileSync(this.file, `${JSON.stringify(measured)}\n`);
    } catch (error) {
      throw new UserError(`${this.file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  #read(file: string): void {
    const text = readFileSync(file, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    whole.split("\n").forEach((content, index) => {
      if (content === "") return;
      try {
        const line = JSON.parse(content) as Measured;
        this.#byKey.set(line.key, line);
      } catch {
        throw new UserError(
          `${file}, line ${index + 1}: this is no measurement of tune; --fresh begins anew`,
        );
      }
    });
    if (whole.length < text.length) writeFileSync(file, whole);
  }
}
