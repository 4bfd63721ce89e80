// What the server says, by hand: the contract's nouns in the server's own spelling, so that a field is found by searching for it.

export type * from "./types-office";

export type Time = string; // RFC 3339, UTC
export type Role = "agent" | "manager" | "admin";

export interface Me {
  id: string;
  name: string;
  role: Role;
  team?: string;
  team_name?: string;
  teams?: string[] | null;
  zone?: string;
  csrf: string;
  languages?: string[] | null;
  totp?: boolean;
  queues?: QueueName[] | null;
}

export interface QueueName {
  name: string;
  number?: string;
}

export interface LoginOptions {
  oidc?: boolean;
}

export type AgentStateName =
  | "offline"
  | "available"
  | "reserved"
  | "ringing"
  | "talk"
  | "hold"
  | "consult"
  | "outbound"
  | "wrap-up"
  | "not ready"
  | "not responding"
  | "unreachable";

// ---- desk

export interface DeskState {
  now: Time;
  agent: DeskAgent;
  phones?: Phone[] | null;
  tabs?: number;
  offer: Offer | null;
  call: DeskCall | null;
  wrap_up: WrapUp | null;
  reasons?: string[] | null;
  queues?: QueueName[] | null; // all there are: a caller can be handed on to each of them
}

export interface DeskAgent {
  id: string;
  name: string;
  team?: string;
  state: string;
  reason?: string;
  since: Time;
  reachable: boolean;
  joined?: string[] | null;
  may_join?: QueueName[] | null;
  next: { state: string; reason?: string } | null;
}

export interface Phone {
  account: string;
  registered: boolean;
  auto_answer?: boolean;
}

export interface Offer {
  id: string;
  queue: string;
  mode: "ring" | "preview";
  phase: "card" | "preview" | "ringing";
  since: Time;
  deadline: Time;
  can_accept: boolean;
  card: Card;
}

export interface DeskCall {
  id: string;
  queue?: string;
  kind: string;
  since: Time;
  held: boolean;
  held_since?: Time | null;
  held_seconds?: number;
  can: { hold: boolean; transfer: boolean; hangup: boolean };
  beside?: { id: string; who?: string; since: Time } | null; // a second call of hers, as a consult is
  card: Card | null;
  note?: string;
  dispositions?: Dispositions | null;
  disposition?: DispositionChoice | null;
}

export interface WrapUp {
  call: string;
  queue: string;
  since: Time;
  until: Time | null;
  extended?: number | boolean;
  card: Card | null;
  dispositions?: Dispositions | null;
  disposition: DispositionChoice | null;
  note?: string;
}

export interface Dispositions {
  required: boolean;
  items?: DispositionItem[] | null;
}

export interface DispositionItem {
  code: string;
  label: string;
  items?: DispositionItem[] | null;
}

export interface DispositionChoice {
  code: string;
  sub?: string;
}

export interface Card {
  call: string;
  entered?: Time;
  waited_seconds?: number;
  dialled?: string;
  number?: string;
  customer: CardCustomer | null;
  lookup?: "off" | "pending" | "ok" | "failed";
  history?: PastCall[] | null;
  why?: WhyYou | null;
}

export interface WhyYou {
  text?: string; // in English
  chosen?: string[] | null;
  eligible?: number;
  rank_names?: string[] | null;
  candidates?: { agent: string; step: number; robot?: boolean; values: string[] | null }[] | null;
  names?: Record<string, string> | null;
}

export interface CardCustomer {
  id: string;
  name?: string;
  language?: string;
  region?: string;
  zone?: string;
  booking?: string;
  reach?: string; // how she can be called now
  priority_seconds?: number;
  fields?: Record<string, string> | null;
  notes?: Note[] | null;
}

export interface Note {
  id: string;
  at: Time;
  by: string;
  text: string;
}

export interface PastCall {
  call: string;
  start: Time;
  queue?: string;
  agent?: string;
  disposition?: string;
  label?: string;
  duration_seconds?: number;
  note?: string;
}

// ---- customers

export interface Customer {
  id: string;
  name?: string;
  number?: string;
  email?: string;
  language?: string;
  region?: string;
  zone?: string;
  booking?: string;
  reach?: string; // how she can be called now
  priority_seconds?: number;
  fields?: Record<string, string> | null;
  notes?: Note[] | null; // the newest
  notes_next?: string; // the cursor of older ones
  created?: Time;
  updated?: Time;
  version?: number;
}

export interface Page<T> {
  items: T[] | null;
  next?: string;
  limited?: boolean; // of calls: what other teams had part in alone is left out
}

// ---- calls

export interface CallRow {
  id: string;
  kind: string;
  start: Time;
  answer?: Time | null;
  end?: Time | null;
  caller_name?: string;
  caller_number?: string;
  customer?: string;
  booking?: string;
  language?: string;
  region?: string;
  dialled?: string;
  queue?: string;
  agent?: string;
  agent_name?: string;
  reached?: boolean;
  disposition?: string;
  label?: string;
  cause?: string;
  duration_seconds?: number;
  wait_seconds?: number;
  share?: number; // what it has in the sum that the list is behind
  stays?: StayRow[]; // what the list counts, where it is behind a figure that counts stays
  offers?: CountedOffer[]; // or offers
  outcomes?: CountedOutcome[]; // or what agents said that calls came to
}

/** What an agent said that a call came to, where a figure counts it. */
export interface CountedOutcome {
  agent: string;
  agent_name?: string;
  queue: string;
  at: Time;
  label: string;
}

/** A stay in a queue that a figure counts. */
export interface StayRow {
  id: string;
  queue: string;
  enter: Time;
  by_transfer?: boolean;
  result?: string;
  agent?: string;
  agent_name?: string;
  wait_seconds?: number;
  conversation_seconds?: number;
  share?: number;
}

/** An offer to an agent that a figure counts. */
export interface CountedOffer {
  id: string;
  queue: string;
  agent: string;
  agent_name?: string;
  start: Time;
  outcome?: string;
}

export interface Leg {
  id: string;
  direction: "in" | "out";
  account?: string;
  trunk?: string;
  agent?: string;
  offer?: string;
  sip_id?: string;
  remote?: string;
  user_agent?: string;
  start: Time;
  ringing?: Time | null;
  answer?: Time | null;
  end?: Time | null;
  status?: number;
  cause?: string;
  codec?: string;
  quality?: { packets: number; lost: number; late: number; jitter_ms: number; rtt_ms: number } | null;
}

export interface Visit {
  id: string;
  queue: string;
  by_transfer?: boolean;
  enter: Time;
  connect?: Time | null;
  leave?: Time | null;
  end?: Time | null;
  result?: string;
  agent?: string;
}

export interface OfferRow {
  id: string;
  visit: string;
  queue: string;
  agent: string;
  start: Time;
  ringing?: Time | null;
  end?: Time | null;
  outcome?: string;
  status?: number;
}

export interface CallEvent {
  seq?: number;
  at: Time;
  kind?: string;
  type?: string;
  agent?: string;
  queue?: string;
  leg?: string;
  visit?: string;
  offer?: string;
  state?: string; // what these two mean depends on the kind
  reason?: string;
  data?: Record<string, unknown> | null;
}

export interface Decision {
  id: string;
  at: Time;
  visit?: string;
  queue: string;
  step: number;
  waited_seconds?: number;
  chosen?: string[] | null;
  removed?: { rule: string; detail?: string; agents?: string[] | null; count: number }[] | null;
  ranks?: { agent: string; step: number; robot?: boolean; values?: string[] | null }[] | null;
  rank_names?: string[] | null;
  eligible: number;
}

// Explanation is a decision as it was for one agent.
export interface Explanation extends Decision {
  offer: string;
  call?: string;
}

export interface Explanations {
  offers: Explanation[];
  since?: Time;
  names?: Record<string, string>;
}

export interface Segment {
  start: Time;
  end: Time;
  bucket: string;
  agent?: string;
  queue?: string;
}

// Consult is a call that an agent placed while she had another one.
export interface Consult {
  id: string;
  start: Time;
  dialled?: string;
}

export interface CallStory {
  call: CallRow & Record<string, unknown>;
  legs?: Leg[] | null;
  visits?: Visit[] | null;
  offers?: OfferRow[] | null;
  events?: CallEvent[] | null;
  decisions?: Decision[] | null;
  segments?: Segment[] | null;
  names?: Record<string, string>; // of the agents it speaks of, by id
  disposition?: DispositionChoice | null;
  note?: string;
  reach?: string; // how the customer can be called now
  consults?: Consult[] | null;
}

// ---- live

export interface AgentRow {
  id: string;
  name: string;
  team?: string;
  team_name?: string;
  state: string;
  reason?: string;
  since: Time;
  queue?: string;
  queues?: string[] | null;
  robot?: boolean;
  reachable?: boolean; // one of her phones can be rung
}

export interface Waiting {
  id: string; // the visit
  place: number; // in the order of claims, from 1
  call: string;
  queue: string;
  customer?: string;
  name?: string;
  number?: string;
  language?: string;
  region?: string;
  entered: Time;
  priority_seconds?: number;
  step?: number;
  agents?: string[] | null; // who is being rung
}

export interface LiveCall {
  id: string;
  parent?: string; // the call that this consult belongs to
  kind: string;
  caller: string;
  dialed?: string;
  state: string;
  agent?: string;
  queue?: string;
  start: Time;
}

export interface Targets {
  service_level?: number | null; // percent, at least
  waiting?: number | null; // at most
  longest_wait_seconds?: number | null; // at most
  abandon_rate?: number | null; // percent, at most
}

export interface BoardQueue {
  name: string;
  waiting: number;
  longest_wait_since?: Time | null;
  offered: number;
  answered: number;
  abandoned: number;
  flow_out?: number;
  abandon_rate?: number | null; // percent
  longest_wait_seconds?: number; // of those answered or abandoned today
  service_level?: number | null; // percent
  service_level_formula?: string;
  asa_seconds?: number | null;
  targets?: Targets | null;
  free: number;
  joined: number;
}

export interface Board {
  now: Time;
  zone: string;
  day?: Time; // since when it is counted
  made_up_until?: Time; // until when today never was
  formulas?: Record<string, string> | null;
  queues: BoardQueue[] | null;
  agents: AgentRow[] | null;
  totals?: Partial<Omit<BoardQueue, "name">> | null;
}
