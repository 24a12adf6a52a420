/** A mistake of the user's, told in words that say the way out; never with a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A mistake in a file, or with it. */
export function fileError(file: string, problem: string): UserError {
  return new UserError(`${file}: ${problem}`);
}
