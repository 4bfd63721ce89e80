// The tabs of one person in one browser know of each other. One of them, the leader, holds the stream and rings; the others show
// what it hears. The lock goes to the next tab when the leader is closed or crashes: the browser sees to that.
import type { Status } from "../api/sse";
import type { DeskState } from "../api/types";

export type PeerMessage =
  | { type: "hello" }
  | { type: "state"; state: DeskState; now: number }
  | { type: "status"; status: Status; retryAt?: number }
  | { type: "shown"; offer: string }
  | { type: "note"; call: string; text: string }
  | { type: "retry" }
  | { type: "quiet"; offer: string };

class Peers {
  private channel: BroadcastChannel | undefined;
  private listener: (m: PeerMessage) => void = () => {};

  open(person: string, listener: (m: PeerMessage) => void) {
    this.close();
    this.listener = listener;
    if (typeof BroadcastChannel === "undefined") return;
    this.channel = new BroadcastChannel(`ringway-desk-${person}`);
    this.channel.onmessage = e => this.listener(e.data as PeerMessage);
  }

  send(m: PeerMessage) {
    this.channel?.postMessage(m);
  }

  close() {
    this.channel?.close();
    this.channel = undefined;
  }
}

export const peers = new Peers();

/** lead calls `begin` when this tab becomes the leader, and its result when it stops; without locks every tab leads itself. */
export function lead(person: string, begin: () => () => void): () => void {
  if (!("locks" in navigator) || !navigator.locks) return begin();
  const abort = new AbortController();
  let finish: () => void = () => abort.abort();
  navigator.locks
    .request(`ringway-desk-${person}`, { signal: abort.signal }, () => {
      const end = begin();
      return new Promise<void>(done => {
        finish = () => {
          end();
          done();
        };
      });
    })
    .catch(() => {}); // aborted before it was ours
  return () => finish();
}
