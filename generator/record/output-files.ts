/** The files that a recording is written to: `app.trace.gz`, `app.2.trace.gz` and so on. */
import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileError } from "../../spec/user-error.ts";

export class OutputFiles {
  readonly #first: string;
  #written = 0;

  /** Throws a UserError where the first one cannot be written. */
  constructor(first: string) {
    this.#first = first;
    const unfinished = unfinishedOf(first);
    try {
      closeSync(openSync(unfinished, "w"));
      rmSync(unfinished);
    } catch (error) {
      throw fileError(first, `cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  /**
   * Writes the next file, which appears when it is whole; returns its name. Where `write` answers
   * false there is none.
   */
  async write(write: (unfinished: string) => Promise<boolean>): Promise<string | undefined> {
    const file = numbered(this.#first, this.#written + 1);
    const unfinished = unfinishedOf(file);
    try {
      if (!(await write(unfinished))) return undefined;
      renameSync(unfinished, file);
      this.#written++;
      return file;
    } finally {
      rmSync(unfinished, { force: true });
    }
  }
}

/** The number stands before the endings. */
function numbered(file: string, number: number): string {
  if (number === 1) return file;
  const [, stem = "", endings = ""] = /^(.+?)((?:\.[a-z]+)*)$/i.exec(basename(file)) ?? [];
  return join(dirname(file), `${stem}.${number}${endings}`);
}

/** With the same ending, which says whether it is compressed. */
const unfinishedOf = (file: string) => join(dirname(file), `.unfinished-${basename(file)}`);
