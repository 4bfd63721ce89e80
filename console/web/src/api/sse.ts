// Server-sent events over fetch: EventSource hides the heartbeat comments and the status, and both matter here. A stream that
// is silent for longer than two heartbeats is dead even when the socket does not know it yet.

export interface Message {
  event: string;
  data: string;
  id: string;
}

/** Parser takes the bytes of a stream as they come, in any cut, and gives whole messages. */
export class Parser {
  private rest = "";
  private event = "";
  private data: string[] = [];
  private id = "";

  push(chunk: string): Message[] {
    const out: Message[] = [];
    this.rest += chunk;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest);
      if (!end) return out;
      const line = this.rest.slice(0, end.index);
      this.rest = this.rest.slice(end.index + end[0].length);
      const m = this.line(line);
      if (m) out.push(m);
    }
  }

  private line(line: string): Message | undefined {
    if (line === "") {
      if (this.data.length === 0) {
        this.event = "";
        return undefined;
      }
      const m = { event: this.event || "message", data: this.data.join("\n"), id: this.id };
      this.event = "";
      this.data = [];
      return m;
    }
    if (line.startsWith(":")) return undefined;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.event = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return undefined;
  }
}

/** backoff is how long to wait before attempt n (from 1): doubling to 15 s, spread so that 300 desks do not come back at once. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(15_000, 500 * 2 ** Math.max(0, attempt - 1));
  return full * (0.5 + random / 2);
}

export type Status = "connecting" | "open" | "lost" | "refused" | "expired";

export interface StreamOptions {
  url: string;
  onMessage(m: Message): void;
  onStatus(s: Status, retryAt?: number): void;
  silence?: number; // ms without a byte after which the stream is dead
}

/** stream keeps one SSE connection alive until stop is called. */
export function stream(o: StreamOptions): { stop(): void; retry(): void } {
  const silence = o.silence ?? 25_000;
  let stopped = false;
  let attempt = 0;
  let lastID = "";
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function once(): Promise<Status> {
    abort = new AbortController();
    let watch = setTimeout(() => abort.abort(), silence);
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), silence);
    };
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (lastID) headers["Last-Event-ID"] = lastID;
      const r = await fetch(o.url, { headers, signal: abort.signal, credentials: "same-origin", cache: "no-store" });
      if (r.status === 401) return "expired";
      if (!r.ok || !r.body) return r.status === 403 || r.status === 404 ? "refused" : "lost";
      attempt = 0;
      o.onStatus("open");
      const parser = new Parser();
      const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return "lost";
        alive();
        for (const m of parser.push(value)) {
          if (m.id) lastID = m.id;
          if (!stopped) o.onMessage(m);
        }
      }
    } catch {
      return "lost";
    } finally {
      clearTimeout(watch);
    }
  }

  async function run() {
    while (!stopped) {
      const end = await once();
      if (stopped) return;
      if (end === "expired" || end === "refused") {
        o.onStatus(end);
        return;
      }
      attempt++;
      const wait = backoff(attempt, Math.random());
      o.onStatus("lost", Date.now() + wait);
      await new Promise<void>(done => {
        wake = done;
        timer = setTimeout(done, wait);
      });
    }
  }

  let wake: () => void = () => {};
  o.onStatus("connecting");
  void run();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      abort.abort();
      wake();
    },
    retry() {
      clearTimeout(timer);
      wake();
    },
  };
}
