/** The sizes that the spec allows. */
import { demand, type Gate } from "../gate.ts";

export const budgets: Gate = {
  name: "size",
  async pass({ resolved: { ship = {} }, variant: { manifest } }) {
    const { min, gzip } = manifest.bytes;
    const { maxMinBytes = min, maxGzipBytes = gzip } = ship;
    demand(min <= maxMinBytes, `index.min.js has ${min} bytes; ship.maxMinBytes allows ${maxMinBytes}`);
    demand(
      gzip <= maxGzipBytes,
      `index.min.js has ${gzip} bytes gzipped; ship.maxGzipBytes allows ${maxGzipBytes}`,
    );
    const limits = [
      ...(ship.maxMinBytes === undefined ? [] : [`at most ${maxMinBytes} minified`]),
      ...(ship.maxGzipBytes === undefined ? [] : [`at most ${maxGzipBytes} gzipped`]),
    ];
    const allowed = limits.length > 0 ? ` (allowed: ${limits.join(", ")})` : "";
    return `${min} bytes minified, ${gzip} gzipped${allowed}`;
  },
};
