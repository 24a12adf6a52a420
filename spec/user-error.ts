/** A mistake of the user's, told in words that say the way out; never with a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
