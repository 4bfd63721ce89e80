// The desk's connection: the newest DeskState, and how it came.
import { type Status, stream } from "../api/sse";
import type { DeskState } from "../api/types";
import { presence } from "../app/presence";
import { clock } from "../lib/clock";
import { Store } from "../lib/store";
import { beforeLogOut, session } from "../session/session";
import { adoptNote, settleNotes } from "./notes";
import { lead, type PeerMessage, peers } from "./peers";
import { tone } from "./states";

export interface DeskView {
  status: Status;
  retryAt?: number;
  leader: boolean;
  state: DeskState | null;
}

export const desk = new Store<DeskView>({ status: "connecting", leader: false, state: null });

beforeLogOut(settleNotes);

const shown = new Set<string>();
let line: ReturnType<typeof stream> | undefined;

function take(state: DeskState) {
  desk.set(v => ({ ...v, state }));
  presence.set(tone(state.agent.state));
  if (state.call) adoptNote(state.call.id, state.call.note);
  if (state.wrap_up) adoptNote(state.wrap_up.call, state.wrap_up.note);
}

function begin(tab: string): () => void {
  desk.set(v => ({ ...v, leader: true }));
  const open = () => {
    line = stream({
      url: `/api/v1/desk/stream?tab=${tab}`,
      onMessage(m) {
        if (m.event !== "state" && m.event !== "message") return;
        const state = JSON.parse(m.data) as DeskState;
        clock.sync(state.now);
        take(state);
        peers.send({ type: "state", state, now: clock.now() });
      },
      onStatus(status, retryAt) {
        desk.set(v => ({ ...v, status, retryAt }));
        peers.send({ type: "status", status, retryAt });
        if (status === "expired") session.set(s => (s.state === "in" ? { state: "expired", me: s.me } : s));
      },
    });
  };
  open();
  // After a new log-in the stream begins again.
  const stopWatch = session.subscribe(() => {
    const s = session.get().state;
    const status = desk.get().status;
    if (s === "in" && (status === "expired" || status === "refused")) open();
  });
  return () => {
    stopWatch();
    line?.stop();
    line = undefined;
    desk.set({ status: "connecting", leader: false, state: null });
  };
}

function hear(m: PeerMessage) {
  const v = desk.get();
  switch (m.type) {
    case "hello":
      if (!v.leader) return;
      peers.send({ type: "status", status: v.status, retryAt: v.retryAt });
      if (v.state) peers.send({ type: "state", state: v.state, now: clock.now() });
      return;
    case "state":
      if (v.leader) return;
      clock.sync(new Date(m.now).toISOString());
      take(m.state);
      return;
    case "status":
      if (!v.leader) desk.set(o => ({ ...o, status: m.status, retryAt: m.retryAt }));
      return;
    case "shown":
      shown.add(m.offer);
      return;
    case "note":
      adoptNote(m.call, m.text);
      return;
    case "retry":
      line?.retry();
      return;
  }
}

/** startDesk connects the desk of a person; the result disconnects it. */
export function startDesk(person: string): () => void {
  const tab = crypto.getRandomValues(new Uint32Array(2)).join("");
  peers.open(person, hear);
  const release = lead(person, () => begin(tab));
  peers.send({ type: "hello" });
  return () => {
    release();
    peers.close();
  };
}

export function retryNow() {
  line?.retry();
  peers.send({ type: "retry" });
}

/** firstShown is true for the first tab that painted an offer's card. */
export function firstShown(offer: string): boolean {
  if (shown.has(offer)) return false;
  if (shown.size > 200) shown.clear();
  shown.add(offer);
  peers.send({ type: "shown", offer });
  return true;
}
