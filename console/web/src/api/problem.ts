// Errors of the server: RFC 9457 problem+json. It says in English what is wrong; its codes let us say it in the reader's language.
import { told } from "../i18n/problems";

interface Said {
  code?: string;
  params?: Record<string, string>;
}

export interface ProblemField extends Said {
  message: string;
  location?: string; // "body.zone", "query.from"
  value?: unknown;
}

export class Problem extends Error {
  status: number;
  title: string;
  fields: ProblemField[];
  code = "";
  body: Record<string, unknown> = {}; // as it came: some problems tell more
  private english: string;

  constructor(status: number, title: string, detail = "", fields: ProblemField[] = []) {
    super(detail || title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.english = detail;
    this.fields = fields;
  }

  get detail(): string {
    return told(this.english, this.code, (this.body as Said).params);
  }

  /** The message that belongs to one field of a form, or nothing. */
  at(field: string): string | undefined {
    return said(this.fields.find(f => leaf(f.location) === field));
  }

  /** The message that belongs to one of many like fields: "body.press[1].keys". */
  exactly(location: string): string | undefined {
    return said(this.fields.find(f => f.location === location));
  }

  /** What is left to say once the named fields show their own messages. */
  rest(...shown: string[]): string {
    const other = this.fields.filter(f => !shown.includes(leaf(f.location)));
    if (this.fields.length > 0 && other.length === 0) return "";
    // What a field says alone is not said twice.
    const words = other.filter(f => f.code === undefined || f.code !== this.code);
    const fields = words.map(f => (f.location ? `${leaf(f.location)}: ${said(f)}` : said(f)));
    return [this.detail || this.title, ...fields].filter(Boolean).join(" · ");
  }
}

function said(f: ProblemField | undefined): string | undefined {
  return f && told(f.message, f.code, f.params);
}

function leaf(location = ""): string {
  return location
    .split(".")
    .pop()!
    .replace(/\[\d+\]$/, "");
}

/** readProblem makes the best of whatever a failed answer holds; proxies in between answer with HTML. */
export function readProblem(status: number, statusText: string, body: string): Problem {
  try {
    const p = JSON.parse(body) as { title?: unknown; detail?: unknown; code?: unknown; errors?: unknown };
    const fields = Array.isArray(p.errors)
      ? p.errors.filter((f): f is ProblemField => typeof (f as ProblemField)?.message === "string")
      : [];
    const problem = new Problem(status, text(p.title) || statusText || String(status), text(p.detail), fields);
    return Object.assign(problem, { code: text(p.code), body: p });
  } catch {
    return new Problem(status, statusText || String(status));
  }
}

function text(v: unknown): string {
  return typeof v === "string" ? v : "";
}
