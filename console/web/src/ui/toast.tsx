import { CloseButton } from "@mantine/core";
import { useEffect } from "react";
import { Problem } from "../api/problem";
import { say, useT } from "../i18n";
import { Store, useStore } from "../lib/store";
import { Icon } from "./Icon";

interface Toast {
  id: number;
  text: string;
  kind: "good" | "bad";
}

const toasts = new Store<Toast[]>([]);
let last = 0;

export function toast(text: string, kind: Toast["kind"] = "good") {
  if (text) toasts.set(t => [...t.slice(-2), { id: ++last, text, kind }]);
}

/** words says what went wrong, in the reader's language where the server could not say it. */
export function words(e: unknown, ...shown: string[]): string {
  if (e instanceof Problem) {
    if (e.status === 0) return say("error.offline");
    if (e.status === 401) return say("error.expired");
    if (e.status === 403) return e.detail || say("error.forbidden");
    if (e.status === 412) return say("error.changed");
    if (e.status === 429) return e.detail || say("error.often");
    return e.rest(...shown);
  }
  return e instanceof Error ? e.message : String(e);
}

export function toastProblem(e: unknown) {
  if (e instanceof Problem && e.status === 401) return; // the log-in dialog says it
  toast(words(e), "bad");
}

function One({ t }: { t: Toast }) {
  const { t: tr } = useT();
  const close = () => toasts.set(all => all.filter(x => x.id !== t.id));
  useEffect(() => {
    const timer = setTimeout(() => toasts.set(all => all.filter(x => x.id !== t.id)), t.kind === "bad" ? 9000 : 4000);
    return () => clearTimeout(timer);
  }, [t]);
  return (
    <div className="rw-toast" data-kind={t.kind} role={t.kind === "bad" ? "alert" : "status"}>
      <Icon name={t.kind === "bad" ? "warn" : "check"} />
      <span>{t.text}</span>
      <CloseButton size="sm" onClick={close} aria-label={tr("common.close")} />
    </div>
  );
}

export function Toasts() {
  const all = useStore(toasts);
  return (
    <div className="rw-toasts" aria-live="polite">
      {all.map(t => (
        <One key={t.id} t={t} />
      ))}
    </div>
  );
}
