import type { MatrixFile } from "../matrix-file.ts";

/** The matrix in which the historical system was seen to crash (B1: 0 × on × 4 threads). */
export const seed: MatrixFile = {
  axes: { "tiers.fast.cap": [0, 64], "tiers.tlsList": ["off", "on"] },
  threads: [1, 2, 4, 8],
};
