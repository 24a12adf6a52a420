/**
 * What is being run at this moment, where another thread can read it: should it never end, its name
 * is known.
 */

const TEXT_BYTES = 2000;

/**
 * Words: a count that moves with everything told, the operation of the script at hand, bytes of the
 * text. Then the text.
 */
export const nowPlaying = new SharedArrayBuffer(12 + TEXT_BYTES);
const words = new Int32Array(nowPlaying, 0, 3);
const bytes = new Uint8Array(nowPlaying, 12);
const encoder = new TextEncoder();

let test = "";

/** A test begins; "": none is running. */
export function beginTest(name: string): void {
  test = name;
  tell(name);
}

/** The test at hand plays a script. */
export function beginScript(script: readonly unknown[]): void {
  if (test !== "")
    tell(`${test}; a script of ${script.length} operations: ${JSON.stringify(script.slice(0, 4))} …`);
}

/** The script has come to an operation. */
export function reach(operation: number): void {
  words[1] = operation;
  words[0]++;
}

function tell(text: string): void {
  words[2] = encoder.encodeInto(text, bytes).written;
  words[1] = -1;
  words[0]++;
}
