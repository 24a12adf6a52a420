/** Growth (M8): a memory that grows is asked for more only when a page is first used. */
import { buffer, endPage, growMemory } from "../host/memory";
import { SUPER_SLAB_PAGES } from "./memory-map";
import { addressOf, PAGE_BYTES } from "./page";
import type { Page } from "./types";

/** Pages the memory holds now. */
let grownPages: Page = 0;

/** Makes the pages before `page` usable: a SuperSlab more at a time, or as little as the memory has left. */
export function growTo(page: Page): boolean {
  if (page <= grownPages) return true;
  const ahead = Math.min(grownPages + SUPER_SLAB_PAGES, endPage);
  return (ahead > page && grow(ahead)) || grow(page);
}

function grow(page: Page): boolean {
  if (!growMemory(addressOf(page))) return false;
  grownPages = Math.floor(buffer.byteLength / PAGE_BYTES);
  return true;
}
