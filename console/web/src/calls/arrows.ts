export interface LadderParty {
  id: string;
  kind: "caller" | "switch" | "callee";
  label: string;
  address?: string;
}

export interface LadderMessage {
  at: string;
  after_seconds: number;
  party: string;
  direction: "in" | "out"; // in: to the switch
  protocol: string;
  from: string;
  to: string;
  call_id: string;
  summary: string;
  method: string;
  status?: number;
  cseq: string;
  has_sdp: boolean;
  text: string;
}

export interface LadderData {
  call: string;
  complete: boolean;
  parties: LadderParty[] | null;
  messages: LadderMessage[] | null;
}

export interface Arrow {
  left: number; // the columns between which it lies
  right: number;
  toRight: boolean;
  again: boolean; // sent before, word for word
  tone: "busy" | "good" | "hold" | "bad" | "off";
}

/** columns are the parties from left to right, one switch among them. */
export function columns(l: LadderData): LadderParty[] {
  const all = l.parties ?? [];
  const known = new Set(all.map(p => p.id));
  const lost = [...new Set((l.messages ?? []).map(m => m.party))].filter(id => !known.has(id));
  const extra: LadderParty[] = lost.map(id => ({ id, kind: "callee", label: id }));
  const out = [...all, ...extra];
  if (!out.some(p => p.kind === "switch"))
    out.splice(Math.min(1, out.length), 0, { id: "switch", kind: "switch", label: "Ringway" });
  return out;
}

/** arrows lays each message between its party's column and the switch's. */
export function arrows(l: LadderData): Arrow[] {
  const all = columns(l);
  const hub = all.findIndex(p => p.kind === "switch");
  const seen = new Set<string>();
  return (l.messages ?? []).map(m => {
    const column = all.findIndex(p => p.id === m.party);
    const from = m.direction === "in" ? column : hub;
    const to = m.direction === "in" ? hub : column;
    const key = [m.party, m.direction, m.call_id, m.cseq, m.summary, m.text].join("\n");
    const again = seen.has(key);
    seen.add(key);
    return { left: Math.min(from, to), right: Math.max(from, to), toRight: from < to, again, tone: toneOf(m) };
  });
}

function toneOf(m: LadderMessage): Arrow["tone"] {
  const s = m.status ?? 0;
  if (s === 0) return m.method === "ACK" || m.method === "PRACK" ? "off" : "busy";
  if (s < 200) return "hold";
  if (s < 300) return "good";
  return s === 401 || s === 407 || s === 487 ? "off" : "bad";
}
