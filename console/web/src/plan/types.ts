// What the administrator's pages read and send.
import type { Said } from "../i18n/findings";

export interface Position {
  file: string;
  line: number; // from 1, 0: not known
  column: number; // in characters, from 1
}

export interface Finding extends Position {
  end_line: number;
  end_column: number; // behind the last character
  severity: "error" | "warning";
  code: string;
  message: string;
  hint?: string;
  said?: Said; // the message, to tell it in another language
  advised?: Said; // the hint
}

export interface ConfigFile {
  path: string;
  text: string;
  hidden?: boolean;
}

export interface ConfigFiles {
  version: string;
  in_force: string;
  pending: boolean;
  files: ConfigFile[];
}

export interface Checked {
  ok: boolean;
  version?: string;
  findings: Finding[] | null;
}

export interface Change {
  kind: "added" | "removed" | "changed";
  noun: string;
  name: string;
  text: string; // in English
  details?: Difference[];
  more?: number;
}

export interface Difference {
  kind: "added" | "removed" | "changed";
  key?: string;
  item?: number; // of a list, from 1
  from?: string;
  to?: string;
}

export interface FileDiff {
  path: string;
  change: Change["kind"];
  text: string;
}

export interface ConfigDiff {
  from: string;
  to: string;
  files: FileDiff[] | null;
  changes: Change[] | null;
  ok: boolean;
  findings?: Finding[] | null;
}

export interface Applied {
  applied: boolean;
  version: string;
  number: number;
  changes: Change[] | null;
  findings: Finding[] | null;
}

export interface Version {
  number: number;
  version: string;
  at: string;
  by: string;
  origin: string;
  comment: string;
  in_force: boolean;
  files?: ConfigFile[];
}

export interface Graph {
  version: string;
  entries: { id: string; label: string; context: string }[] | null;
  contexts: ({ id: string; name: string } & Position)[] | null;
  extensions: GraphExtension[] | null;
  edges: GraphEdge[] | null;
}

export interface GraphExtension extends Position {
  id: string;
  context: string;
  name: string;
  kind: string;
  steps: GraphStep[] | null;
}

export interface GraphStep extends Position {
  id: string;
  index: number;
  depth: number;
  name: string;
  label?: string;
  text: string;
  when?: string;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  kind: "entry" | "include" | "next" | "branch" | "goto" | "gosub" | "typed" | "result";
  label?: string;
}

export interface Somebody {
  id: string;
  name: string;
}

export interface SimStep extends Position {
  after_seconds: number;
  kind: string;
  context: string;
  exten: string;
  step?: string;
  label?: string;
  text: string;
  written?: string; // the step's arguments
  keys?: string;
  spoken?: boolean; // keys that the other side heard
  result?: string;
  detail?: string;
  error?: string;
  error_said?: Said;
}

export interface SimVisit {
  queue: string;
  after_seconds: number;
  waited_seconds: number;
  talked_seconds?: number;
  ahead: number; // who stood before the call when it came
  result: string;
  agent?: Somebody;
}

export interface SimAhead {
  queue: string;
  waited_seconds: number;
  language?: string;
  result?: string; // empty: still waits
  after_seconds?: number;
  agent?: Somebody;
}

export interface SimDecision {
  after_seconds: number;
  queue: string;
  step: number;
  waited_seconds: number;
  chosen: Somebody[] | null;
  eligible: number;
  text: string;
  removed: { rule: string; detail?: string; text: string; count: number; agents: Somebody[] | null }[] | null;
  ranks: { agent: Somebody; step: number; robot?: boolean; values: { name: string; value: string }[] | null }[] | null;
  offers?: { agent: Somebody; rang_seconds: number; outcome: string }[] | null;
}

export interface Simulated {
  version: string;
  context: string;
  kind: string;
  start: string;
  end: string;
  duration_seconds: number;
  cause: string;
  agent?: string;
  agent_name?: string;
  talked: string[] | null;
  played: string[] | null;
  steps: SimStep[] | null;
  visits?: SimVisit[] | null;
  behind?: { at: string; callers: SimAhead[] | null; count: number; left_out: number };
  decisions: SimDecision[] | null;
  truncated: boolean;
  problem?: string;
  problem_said?: Said;
}
