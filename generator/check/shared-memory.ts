/**
 * The memory that simulated threads share: 32-bit words, all zero at the start of every execution.
 */
import { Violation } from "./violation.ts";

export class SharedMemory {
  readonly words: Uint32Array;
  /** Words written since `clear`: an execution touches few of them. */
  readonly #written: number[] = [];
  readonly #isWritten: Uint8Array;

  constructor(length: number) {
    this.words = new Uint32Array(length);
    this.#isWritten = new Uint8Array(length);
  }

  read(word: number): number {
    // A typed array answers `undefined` here, and the kernel would go on with NaN.
    if (!(word >= 0 && word < this.words.length)) throw new Violation(`word ${word} is outside the memory`);
    return this.words[word];
  }

  write(word: number, value: number): void {
    if (!(word >= 0 && word < this.words.length)) throw new Violation(`word ${word} is outside the memory`);
    if (this.#isWritten[word] === 0) {
      this.#isWritten[word] = 1;
      this.#written.push(word);
    }
    this.words[word] = value;
  }

  clear(): void {
    for (const word of this.#written) {
      this.words[word] = 0;
      this.#isWritten[word] = 0;
    }
    this.#written.length = 0;
  }
}
