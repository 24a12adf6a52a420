/** A mistake of whoever typed the command: told in one line, without a stack trace, with exit code 2. */
export class UserError extends Error {
  override readonly name = "UserError";
}
