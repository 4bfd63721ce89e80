// A note that saves itself. One save is in flight at a time, the newest text always wins, and what somebody is writing is never
// replaced: text from elsewhere (another tab, the server) is taken only while nothing of ours is unsaved.

export type SaveStatus = "clean" | "dirty" | "saving" | "failed";

export interface AutosaveOptions {
  save(text: string, last: boolean): Promise<void>;
  changed(): void;
  delay?: number;
}

const remembered = 30; // texts of ours that the server may still echo

export class Autosave {
  text: string;
  status: SaveStatus = "clean";
  private saved: string;
  private sent: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private flying = false;
  private flight: Promise<void> = Promise.resolve();

  constructor(
    initial: string,
    private o: AutosaveOptions,
  ) {
    this.text = initial;
    this.saved = initial;
  }

  /** edit is a key stroke of the person. */
  edit(text: string) {
    if (text === this.text) return;
    this.text = text;
    this.failures = 0;
    if (!this.flying) this.status = text === this.saved ? "clean" : "dirty";
    this.plan(this.o.delay ?? 800);
    this.o.changed();
  }

  /** adopt takes a text from elsewhere, unless ours is newer or it is an echo of what we sent ourselves. */
  adopt(text: string, writing = false) {
    if (this.status !== "clean" || writing || text === this.text || this.sent.includes(text)) return;
    this.text = text;
    this.saved = text;
    this.o.changed();
  }

  dirty(): boolean {
    return this.text !== this.saved;
  }

  /** flush saves at once: the field lost focus, or the page is being left (last). */
  async flush(last = false): Promise<void> {
    clearTimeout(this.timer);
    if (!this.dirty() || (this.flying && !last)) return;
    this.flight = this.run(last);
    await this.flight;
  }

  /** settle saves what is unsaved, after what is on its way; false where that failed. */
  async settle(): Promise<boolean> {
    await this.flight;
    await this.flush();
    return !this.dirty();
  }

  private plan(wait: number) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  private async run(last: boolean): Promise<void> {
    const text = this.text;
    this.flying = true;
    this.status = "saving";
    this.sent = [...this.sent.slice(-remembered), text];
    this.o.changed();
    try {
      await this.o.save(text, last);
      this.saved = text;
      this.failures = 0;
      this.status = this.dirty() ? "dirty" : "clean";
    } catch {
      this.failures++;
      this.status = "failed";
    }
    this.flying = false;
    this.o.changed();
    if (this.dirty()) this.plan(this.failures ? Math.min(15_000, 1000 * 2 ** this.failures) : (this.o.delay ?? 800));
  }
}
