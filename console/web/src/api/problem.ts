// Errors of the server: RFC 9457 problem+json, as huma writes it.

export interface ProblemField {
  message: string;
  location?: string; // "body.zone", "query.from"
  value?: unknown;
}

export class Problem extends Error {
  status: number;
  title: string;
  detail: string;
  fields: ProblemField[];
  body: Record<string, unknown> = {}; // as it came: some problems tell more

  constructor(status: number, title: string, detail = "", fields: ProblemField[] = []) {
    super(detail || title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.fields = fields;
  }

  /** The message that belongs to one field of a form, or nothing. */
  at(field: string): string | undefined {
    return this.fields.find(f => leaf(f.location) === field)?.message;
  }

  /** The message that belongs to one of many like fields: "body.press[1].keys". */
  exactly(location: string): string | undefined {
    return this.fields.find(f => f.location === location)?.message;
  }

  /** What is left to say once the named fields show their own messages. */
  rest(...shown: string[]): string {
    const other = this.fields.filter(f => !shown.includes(leaf(f.location)));
    if (this.fields.length > 0 && other.length === 0) return "";
    const said = other.map(f => (f.location ? `${leaf(f.location)}: ${f.message}` : f.message));
    return [this.detail || this.title, ...said].filter(Boolean).join(" · ");
  }
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
    const p = JSON.parse(body) as { title?: unknown; detail?: unknown; errors?: unknown };
    const fields = Array.isArray(p.errors)
      ? p.errors.filter((f): f is ProblemField => typeof (f as ProblemField)?.message === "string")
      : [];
    return Object.assign(new Problem(status, text(p.title) || statusText || String(status), text(p.detail), fields), { body: p });
  } catch {
    return new Problem(status, statusText || String(status));
  }
}

function text(v: unknown): string {
  return typeof v === "string" ? v : "";
}
