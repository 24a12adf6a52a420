/**
 * What better means: speed, footprint and code bytes, each as a ratio to the default, on a
 * logarithmic scale. 0 is as good as the default, 0.01 about one per cent better.
 */
import { UserError } from "../../spec/user-error.ts";

export interface Ratios {
  /** Operations per second. */
  readonly speed: number;
  /** Peak committed bytes. */
  readonly memory: number;
  /** Bytes of `index.min.js`, gzipped. */
  readonly size: number;
}

export type Weights = Readonly<Record<keyof Ratios, number>>;

export interface Limits {
  /** Peak committed over peak requested bytes, on every trace that was trained on. */
  readonly maxWaste?: number;
  readonly maxGzip?: number;
}

/** One part counts, the others break ties; `balanced` takes 1 % of speed for 1 % of memory. */
const OBJECTIVES: Readonly<Record<string, Weights>> = {
  speed: { speed: 1, memory: 0.1, size: 0.02 },
  memory: { speed: 0.3, memory: 1, size: 0.02 },
  size: { speed: 0.2, memory: 0.2, size: 1 },
  balanced: { speed: 1, memory: 1, size: 0.1 },
};

/** A name, or weights of one's own: `speed=2,memory=1`. */
export function readObjective(text: string): Weights {
  const known = OBJECTIVES[text];
  if (known !== undefined) return known;
  const weights = { speed: 0, memory: 0, size: 0 };
  for (const part of text.split(",")) {
    const [, key, value] = /^\s*(speed|memory|size)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    if (key === undefined) {
      throw new UserError(
        `--for ${text}: use ${Object.keys(OBJECTIVES).join(", ")}, or weights such as speed=2,memory=1`,
      );
    }
    weights[key as keyof Ratios] = Number(value);
  }
  if (Object.values(weights).every((weight) => weight === 0)) {
    throw new UserError(`--for ${text}: one of the weights must be above 0`);
  }
  return weights;
}

export function score({ speed, memory, size }: Ratios, weights: Weights): number {
  return weights.speed * Math.log(speed) - weights.memory * Math.log(memory) - weights.size * Math.log(size);
}
