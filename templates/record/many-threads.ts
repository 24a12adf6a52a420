/**
 * The events of several threads that share a heap: each takes a ticket per event from a common
 * counter. The thread that began the recording puts them in order.
 *
 * A thread shows each of its logs to that one before it writes to it. So the end of a worker, even
 * a sudden one, loses no event.
 */
import { LOG_WORDS } from "./event.ts";
import { EventLog } from "./event-log.ts";
import type { History } from "./history.ts";
import { LogSource } from "./log-source.ts";
import { FIRST_TICKET, Merge } from "./merge.ts";
import { receiveNow } from "./runtime.ts";

/** What a worker needs to record into another thread's recording. It can be posted. */
export interface RecordingHandle {
  /** Name of the BroadcastChannel on which logs are shown. */
  readonly channel: string;
  /** Words of `Counter`. */
  readonly counters: SharedArrayBuffer;
}

const Counter = { ticket: 0, threads: 1, logs: 2 } as const;
const COUNTERS = 3;
export const FIRST_THREAD = 1;

/** A log that a thread is about to write to. */
interface ShownLog {
  readonly thread: number;
  readonly log: Uint32Array;
}

/** How long `finish` waits for a log that was announced and has not come. */
const LONGEST_WAIT_MS = 1000;

const newLog = () => new Uint32Array(new SharedArrayBuffer(LOG_WORDS * 4));

export class ManyThreads {
  readonly log: EventLog;
  readonly #merge: Merge;
  readonly #sources = new Map<number, LogSource>();
  readonly #counters: Int32Array;
  readonly #handle: RecordingHandle;
  /** Open once somebody has the handle. */
  #channel: BroadcastChannel | undefined;
  #received = 0;

  constructor(history: History) {
    const counters = new SharedArrayBuffer(COUNTERS * 4);
    this.#counters = new Int32Array(counters);
    this.#counters[Counter.ticket] = FIRST_TICKET;
    this.#counters[Counter.threads] = FIRST_THREAD;
    this.#merge = new Merge(history);
    this.log = new EventLog(newLog(), this.#counters, (log) => {
      log.goOn(newLog());
      this.#add(FIRST_THREAD, log.words);
      this.advance();
    });
    this.#add(FIRST_THREAD, this.log.words);
    this.#handle = { channel: `slabsmith recording ${crypto.randomUUID()}`, counters };
  }

  get handle(): RecordingHandle {
    if (this.#channel === undefined) {
      this.#channel = openChannel(this.#handle);
      this.#channel.onmessage = ({ data }) => {
        this.#receive(data);
        this.advance();
      };
    }
    return this.#handle;
  }

  advance(): void {
    this.#merge.advance();
  }

  async finish(): Promise<void> {
    const isMissing = () => this.#received < Atomics.load(this.#counters, Counter.logs);
    const waitingSince = Date.now();
    while (isMissing() && Date.now() - waitingSince < LONGEST_WAIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    this.finishNow();
  }

  finishNow(): void {
    if (this.#channel !== undefined) {
      for (const shown of receiveNow(this.#channel)) this.#receive(shown as ShownLog);
      this.#channel.close();
    }
    this.#merge.finish();
  }

  #receive({ thread, log }: ShownLog): void {
    this.#received++;
    this.#add(thread, log);
  }

  #add(thread: number, log: Uint32Array): void {
    let source = this.#sources.get(thread);
    if (source === undefined) {
      source = new LogSource(thread);
      this.#sources.set(thread, source);
      this.#merge.add(source);
    }
    source.add(log);
  }
}

/** In another thread: its log, and its number. */
export function joinRecording(handle: RecordingHandle): { log: EventLog; thread: number } {
  const counters = new Int32Array(handle.counters);
  const thread = Atomics.add(counters, Counter.threads, 1) + 1;
  const channel = openChannel(handle);
  const show = (log: Uint32Array) => {
    Atomics.add(counters, Counter.logs, 1);
    channel.postMessage({ thread, log } satisfies ShownLog);
    return log;
  };
  const log = new EventLog(show(newLog()), counters, (log) => log.goOn(show(newLog())));
  return { log, thread };
}

/** In Node and Bun an open channel keeps a program from ending, unless it is told not to. */
function openChannel({ channel: name }: RecordingHandle): BroadcastChannel {
  const channel: BroadcastChannel & { unref?(): void } = new BroadcastChannel(name);
  channel.unref?.();
  return channel;
}
