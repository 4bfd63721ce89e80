// The server's clock as this browser sees it. Timers never use the browser's own date: it may be wrong by hours, and may jump.
// What is used is the server's time at the last message plus the monotonic time since.

export class Clock {
  private server = Number.NaN;
  private at = 0;

  constructor(private monotonic: () => number) {}

  /** sync takes the server's time from a message that was received `age` ms ago. */
  sync(now: string, age = 0) {
    const t = Date.parse(now);
    if (Number.isNaN(t)) return;
    this.server = t + age;
    this.at = this.monotonic();
  }

  /** now is the server's time in ms; before the first message, the browser's. */
  now(): number {
    return Number.isNaN(this.server) ? Date.now() : this.server + (this.monotonic() - this.at);
  }

  synced(): boolean {
    return !Number.isNaN(this.server);
  }
}

export const clock = new Clock(() => performance.now());

/** since is the time from an instant to now, never negative: a message in flight must not show "-1". */
export function since(instant: string | null | undefined, now: number): number {
  if (!instant) return 0;
  const t = Date.parse(instant);
  return Number.isNaN(t) ? 0 : Math.max(0, now - t);
}

/** left is how much of a span remains, from 1 to 0. */
export function left(start: string, deadline: string, now: number): number {
  const a = Date.parse(start);
  const b = Date.parse(deadline);
  if (!(b > a)) return 0;
  return Math.min(1, Math.max(0, (b - now) / (b - a)));
}
