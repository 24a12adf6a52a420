/** JSON with comments and trailing commas, as editors know it. */
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { codeFrame, placeAt } from "./code-frame.ts";
import { fileError } from "./user-error.ts";

export async function readJsonc(file: string, text: string): Promise<unknown> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: false });
  const [first] = errors;
  if (first === undefined) return value;
  // What follows the first mistake follows from it.
  const place = { ...placeAt(file, text, first.offset), length: first.length };
  const reason = `malformed JSON at line ${place.line}, column ${place.column + 1}: ${REASONS[printParseErrorCode(first.error)]}`;
  throw fileError(file, reason + (await codeFrame(place)));
}

const REASONS: Readonly<Record<string, string>> = {
  InvalidSymbol: "this word is no value",
  InvalidNumberFormat: "this is no number",
  PropertyNameExpected: "a name in double quotes must stand here",
  ValueExpected: "a value must stand here",
  ColonExpected: "a colon must stand here",
  CommaExpected: "a comma must stand here",
  CloseBraceExpected: "} must stand here",
  CloseBracketExpected: "] must stand here",
  EndOfFileExpected: "the file must end here",
  InvalidCommentToken: "this is no comment",
  UnexpectedEndOfComment: "the comment does not end",
  UnexpectedEndOfString: "the text does not end",
  UnexpectedEndOfNumber: "the number does not end",
  InvalidUnicode: "this is no Unicode escape",
  InvalidEscapeCharacter: "there is no such escape",
  InvalidCharacter: "this character may not stand in a text",
};
