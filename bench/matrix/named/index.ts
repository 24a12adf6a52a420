import type { MatrixFile } from "../matrix-file.ts";
import { seed } from "./seed.ts";
import { tiers } from "./tiers.ts";

/** Matrices that come with slabsmith. */
export const namedMatrices: Readonly<Record<string, MatrixFile>> = { seed, tiers };
