/**
 * What Node, Bun and Deno have and browsers lack: files, an end of the process, an environment. It
 * is asked for at run time, so that a bundle for a browser imports nothing.
 */

interface Process {
  readonly pid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: string): unknown;
  once(event: "exit", listener: () => void): void;
  off(event: "exit", listener: () => void): void;
}

interface Files {
  openSync(path: string, flags: string): number;
  writeSync(file: number, bytes: Uint8Array, offset: number): number;
  closeSync(file: number): void;
}

interface Zlib {
  gzipSync(bytes: Uint8Array): Uint8Array;
}

interface WorkerThreads {
  receiveMessageOnPort(port: BroadcastChannel): { readonly message: unknown } | undefined;
}

const { process } = globalThis as unknown as { process?: Process };

function builtin<Module>(name: string): Module | undefined {
  return process?.getBuiltinModule?.(`node:${name}`) as Module | undefined;
}

export const files = (): Files | undefined => builtin("fs");
export const zlib = (): Zlib | undefined => builtin("zlib");

/** A variable of the environment; undefined also where it may not be read. */
export function environment(name: string): string | undefined {
  try {
    return process?.env[name];
  } catch {
    return undefined;
  }
}

export function processNumber(): number {
  return process?.pid ?? 0;
}

/** Calls the function when the process or the worker ends. Returns how to take that back. */
export function atExit(listener: () => void): () => void {
  process?.once("exit", listener);
  return () => process?.off("exit", listener);
}

/** What has been posted on a channel and not been received, where the runtime tells. */
export function* receiveNow(channel: BroadcastChannel): Iterable<unknown> {
  const threads = builtin<WorkerThreads>("worker_threads");
  for (;;) {
    let received: { readonly message: unknown } | undefined;
    try {
      received = threads?.receiveMessageOnPort(channel);
    } catch {
      // Deno asks ports only.
    }
    if (received === undefined) return;
    yield received.message;
  }
}
