/** A mistake in the kernel or its templates: names the stage that found it and the place. */
export class GeneratorError extends Error {
  override readonly name = "GeneratorError";

  constructor(
    readonly stage: string,
    readonly file: string,
    /** 1-based; 0 when the whole file is meant. */
    readonly line: number,
    readonly problem: string,
  ) {
    super(`${stage}: ${file}${line > 0 ? `:${line}` : ""}: ${problem}`);
  }
}
