/** Runs a program to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

export interface Ended {
  readonly pid: number;
  /** As a shell has it: 128 + the number of the signal, where one ended the program. */
  readonly code: number;
  readonly signal?: NodeJS.Signals;
}

/** The terminal sends Ctrl-C to the program, too, which decides what to do. */
const LEFT_TO_PROGRAM = ["SIGINT", "SIGQUIT"] as const;
const PASSED_ON = ["SIGTERM", "SIGHUP"] as const;

/** The program is told its name as the user wrote it: some do by it what they do. */
export async function run(
  path: string,
  [name, ...args]: readonly [name: string, ...args: string[]],
  environment: Readonly<Record<string, string>>,
  isOutputElsewhere: boolean,
): Promise<Ended> {
  const child = spawn(path, args, {
    argv0: name,
    env: { ...process.env, ...environment },
    stdio: ["inherit", isOutputElsewhere ? 2 : "inherit", "inherit"],
  });
  const ignore = () => {};
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of LEFT_TO_PROGRAM) process.on(signal, ignore);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    const pid = child.pid as number;
    return signal === null
      ? { pid, code: code as number }
      : { pid, code: 128 + constants.signals[signal], signal };
  } finally {
    for (const signal of LEFT_TO_PROGRAM) process.off(signal, ignore);
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}
