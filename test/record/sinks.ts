/** Sinks of tests. */
import { parseTrace, type Trace } from "../../bench/trace.ts";

/** Gathers what it is given. */
export class Gathered {
  readonly pieces: Uint8Array[] = [];
  readonly sink = (bytes: Uint8Array): void => {
    this.pieces.push(bytes);
  };

  get text(): string {
    return Buffer.concat(this.pieces).toString();
  }

  get trace(): Trace {
    return parseTrace("gathered", this.text);
  }
}
