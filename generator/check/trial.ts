/** Trial: what a search explores, and what it tells in the end. */
import type { Machine } from "./machine.ts";

/** Something that can be run again and again, each time with another schedule. */
export interface Trial {
  readonly machine: Machine;
  /** From the beginning: set-up made, every thread before its first access. */
  start(): void;
  /** All threads have ended: final checks. Throws a `Violation`. */
  finish(): void;
}

/**
 * Who goes on, step by step; of a racy read also which of the values it may see (`+ value * 16`).
 */
export type Schedule = readonly number[];

const VALUE_SHIFT = 4;
export const MAX_THREADS = 1 << VALUE_SHIFT;

export function choice(thread: number, value: number): number {
  return thread | (value << VALUE_SHIFT);
}

export function chosenThread(choice: number): number {
  return choice & (MAX_THREADS - 1);
}

export function chosenValue(choice: number): number {
  return choice >>> VALUE_SHIFT;
}

export interface Failure {
  readonly message: string;
  readonly schedule: Schedule;
}

export interface Exploration {
  readonly search: string;
  readonly executions: number;
  /** Of these, cut short because what they would show was seen already. */
  readonly redundant: number;
  readonly steps: number;
  /** Steps of the longest execution. */
  readonly deepest: number;
  readonly seconds: number;
  /** Nothing is left that the search could try. */
  readonly exhausted: boolean;
  readonly failure?: Failure;
}

export interface Limits {
  readonly seconds?: number;
  readonly executions?: number;
}
