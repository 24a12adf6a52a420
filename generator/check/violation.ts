/** A violation: something that must hold and does not, in this interleaving. */
export class Violation extends Error {
  override readonly name = "Violation";

  constructor(
    message: string,
    /** The word it is about, if it is about one. */
    readonly word?: number,
  ) {
    super(message);
  }
}

/** Thrown inside a simulated thread where it is to die. No kernel code catches anything. */
export class Crash extends Error {
  override readonly name = "Crash";
}
