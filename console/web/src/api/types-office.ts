// The nouns of managers and administrators: reports, people, keys, the switch.
import type { Role, Time } from "./types";

// ---- reports

export type Unit = "count" | "percent" | "duration" | "time" | "text" | "number";
export type Cell = number | string | boolean | null;

export interface Column {
  id: string;
  label: string;
  unit: Unit; // a duration is seconds, a percentage 0 … 100, a time RFC 3339
  formula?: string;
  words?: Record<string, string> | null; // of the codes in its cells, in the language asked for
  over?: FigurePart[] | null; // a rate or a mean is the sum of these over the sum of those under it
  under?: FigurePart[] | null;
  timed?: boolean; // time in an agent's states: the row's timeline is behind it
}

/** A named part of a rate or a mean; its value and its drill stand in the row under cell. */
export interface FigurePart {
  id: string;
  label: string;
  unit: Unit;
  formula?: string;
  minus?: boolean;
  cell: string;
}

export interface ReportRow {
  key: string;
  label: string;
  cells: Record<string, Cell>;
  drill?: string; // query of GET /calls
  drills?: Record<string, string>; // of single cells
  from?: string; // its edges, for the section's leads
  to?: string;
  timeline?: string; // query of the agents' days behind its times
}

export interface ReportSection {
  id?: string;
  heading?: string;
  columns: Column[] | null;
  rows: ReportRow[] | null;
  totals?: Record<string, Cell> | null;
  total_drills?: Record<string, string> | null;
  total_timeline?: string;
  leads?: Record<string, string> | null; // drills of all rows with edges, which stand for {from} and {to}
}

export interface ReportChart {
  kind: "line" | "bar" | "heatmap" | "timeline";
  title: string;
  x?: string;
  series: { name: string; column?: string; values?: (number | null)[] | null }[] | null;
}

export interface TimelineSpan {
  start: Time;
  end: Time;
  bucket: string;
  reason?: string;
  queue?: string;
  call?: string;
}

export interface Report extends ReportSection {
  kind: string;
  title: string;
  from: Time;
  to: Time;
  zone: string;
  generated: Time;
  sections?: ReportSection[] | null;
  provisional?: string[] | null;
  open?: boolean;
  closed?: Time | null;
  corrections?: { at: Time; row?: string; column?: string; closed?: Cell; value?: Cell; text?: string }[] | null;
  charts?: ReportChart[] | null;
  timeline?: TimelineSpan[] | null;
  made_up?: { from: Time; to: Time }[] | null; // when a made-up history was in force instead of people
  measure?: string; // what a heat map shows, and what it could show
  measures?: Column[] | null;
}

// ---- administration

export interface StaffRow {
  id: string;
  name: string;
  login: string;
  role: Role;
  team?: string;
  team_name?: string;
  teams?: string[] | null;
  password: boolean;
}

export interface AuditRow {
  at: Time;
  who: string;
  source?: string;
  action: string;
  target?: string;
  status?: number;
  detail?: string;
  told?: { code: string; params?: Record<string, string>; text: string }[] | null; // the detail, to be translated
}

export interface KeyRow {
  id: string;
  name: string;
  scopes: string[] | null;
  by: string;
  created: Time;
  used?: Time | null;
  expires?: Time | null;
}

export interface WallRow {
  id: string;
  label: string;
  by: string;
  by_name?: string;
  created: Time;
  used: Time | null;
}

export interface Webhook {
  name: string;
  url: string;
  events: string[] | null;
  state: "up" | "down";
  pending: number;
  delivered: number;
  dead: number;
  taken?: Time | null;
  error?: string;
  failure?: HookFailure;
}

/** HookFailure is why a delivery failed, and what the network said in English, or the status that was answered. */
export interface HookFailure {
  code: string;
  detail?: string;
}

export interface ReportLetter {
  id: string;
  report: string;
  queue?: string;
  team?: string;
  team_name?: string;
  language?: string;
  format: "csv" | "xlsx" | "print";
  at: string;
  on: string; // mon … sun; anything else is every day
  span: "day" | "week" | "month";
  zone: string;
  last?: Time | null;
  next?: Time | null;
  asked?: boolean;
  error?: string; // why it left for nobody
  again?: Time | null;
  to:
    | { to: string; state: "never" | "left" | "refused" | "waiting"; due?: Time | null; tried?: Time | null; refused?: string }[]
    | null;
}

export interface Delivery {
  id: number;
  kind: string;
  state: "pending" | "delivered" | "dead";
  attempts: number;
  created: Time;
  next?: Time | null;
  last?: Time | null;
  status?: number;
  error?: string;
  failure?: HookFailure;
}

export interface SwitchStatus {
  node: string;
  version: string;
  config: string;
  started: Time;
  zone: string;
  listeners: string[] | null;
  calls: number;
  bindings: number;
  waiting: number;
  agents: number;
  records?: { degraded: boolean; waiting: number; lost: number; error?: string };
  network?: { sip_dropped: number; rtp_dropped: number; sip_shed: number; sip_buffer: number; rtp_buffer: number };
}

export interface Trunk {
  name: string;
  context?: string;
  targets: string[] | null;
  reachable: boolean;
  calls: number;
  limit?: number;
}

export interface Binding {
  aor: string;
  contact: string;
  user_agent?: string;
  expires: Time;
}
