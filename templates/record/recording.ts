/** A recording, from the first event to the file. */
import type { EventLog } from "./event-log.ts";
import { Histogram } from "./histogram.ts";
import { type Account, History, notesOn, type Oddities } from "./history.ts";
import { FIRST_THREAD, ManyThreads, type RecordingHandle } from "./many-threads.ts";
import { OneThread } from "./one-thread.ts";
import { atExit } from "./runtime.ts";
import { commandSink, type Outlet, openSink, type Sink } from "./sink.ts";
import { TraceWriter } from "./trace-writer.ts";

export interface RecordOptions {
  /** Records sizes and lifetimes only, and forgets the order of the calls. */
  readonly histogram?: boolean;
}

/** What was recorded. */
export interface Summary extends Readonly<Oddities> {
  readonly operations: number;
  readonly blocks: number;
  /** Threads that allocated or freed. */
  readonly threads: number;
}

/** A thread's share in a recording. */
export interface ThreadRecording {
  /** Number of the calling thread in the trace. */
  readonly thread: number;
  /** What the other threads of the heap need to record, too. Only of builds for several threads. */
  readonly handle: RecordingHandle | undefined;
}

/** The recording that a heap's calls go to. */
export interface Recording extends ThreadRecording {
  /**
   * Ends the recording; later calls are not recorded. Resolves when the sink has everything,
   * rejects with the error that the sink met. The end of a process ends it, too, where the sink is
   * a file.
   */
  end(): Promise<Summary>;
}

/** Undefined without a sink where `slabsmith record` does not ask for a recording either. */
export function beginRecording(
  sink: Sink | undefined,
  options: RecordOptions,
  isShared: boolean,
): RunningRecording | undefined {
  if (sink !== undefined) return new RunningRecording(openSink(sink), isShared, options);
  const asked = commandSink();
  return asked && new RunningRecording(asked.outlet, isShared, asked.options);
}

class RunningRecording implements Recording {
  readonly thread = FIRST_THREAD;
  readonly #outlet: Outlet;
  readonly #account: Account;
  readonly #threads: OneThread | ManyThreads;
  readonly #history: History;
  readonly #forgetExit: () => void;
  #ending: Promise<Summary> | undefined;
  #failure: unknown;

  constructor(outlet: Outlet, isShared: boolean, { histogram = false }: RecordOptions) {
    this.#outlet = outlet;
    const write = (bytes: Uint8Array<ArrayBuffer>) => this.#write(bytes);
    this.#account = histogram ? new Histogram(write) : new TraceWriter(write);
    this.#history = new History(this.#account);
    this.#threads = isShared ? new ManyThreads(this.#history) : new OneThread(this.#history);
    this.#forgetExit = atExit(() => this.#endNow());
  }

  get log(): EventLog {
    return this.#threads.log;
  }

  get handle(): RecordingHandle | undefined {
    return this.#threads instanceof ManyThreads ? this.#threads.handle : undefined;
  }

  end(): Promise<Summary> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<Summary> {
    await this.#threads.finish();
    const summary = this.#settle();
    await this.#outlet.close();
    if (this.#failure !== undefined) throw this.#failure;
    return summary;
  }

  #endNow(): void {
    this.#threads.finishNow();
    this.#settle();
    this.#outlet.closeNow();
    if (this.#failure !== undefined) console.warn(`slabsmith: the recording is cut short: ${this.#failure}`);
  }

  #settle(): Summary {
    this.#forgetExit();
    this.#account.end(notesOn(this.#history.oddities));
    this.log.stop();
    const { operations, blocks, threads } = this.#account;
    return { operations, blocks, threads, ...this.#history.oddities };
  }

  /** A sink that fails must not make a `malloc` throw. */
  #write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#failure !== undefined) return;
    try {
      this.#outlet.write(bytes);
    } catch (error) {
      this.#failure = error;
    }
  }
}
