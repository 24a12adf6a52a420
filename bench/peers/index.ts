import { UserError } from "../../spec/user-error.ts";
import { libmediaCheap } from "./libmedia-cheap.ts";
import { libc, mimalloc } from "./native.ts";
import type { Peer } from "./peer.ts";
import { thiNgMalloc } from "./thi-ng-malloc.ts";

export const PEERS: readonly Peer[] = [mimalloc, libc, thiNgMalloc, libmediaCheap];

/** A list of ids, `all`, or `none`. */
export function choosePeers(names: readonly string[]): readonly Peer[] {
  if (names.includes("all")) return PEERS;
  if (names.includes("none")) return [];
  return names.map((name) => {
    const peer = PEERS.find(({ id }) => id === name);
    if (peer) return peer;
    throw new UserError(`unknown peer "${name}"; known: ${PEERS.map(({ id }) => id).join(", ")}, all, none`);
  });
}
