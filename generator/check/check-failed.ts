/** Some scenario fails: the command has told how, and ends with 1. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
}
