/** The kernel's words for numbers. All of them are unsigned 32-bit integers. */

/** Byte address of a block, or 0. */
export type Ptr = number;
/** Index of a 32-bit word: byte address / 4. */
export type Word = number;
/** Byte address / page size. */
export type Page = number;
/** Number of bytes a user asked for. */
export type Size = number;
/** 1 … classCount; 0 is no class. */
export type ClassIndex = number;
