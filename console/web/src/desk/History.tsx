import { Link } from "wouter";
import type { PastCall } from "../api/types";
import { useT } from "../i18n";
import { dateTime, duration } from "../lib/format";
import { useZone } from "../session/zone";

// "none" is on record where a wrap-up ran out before anything was chosen.
function outcome(h: PastCall): string {
  return h.label || (h.disposition === "none" ? "" : (h.disposition ?? ""));
}

export function History({ calls, title }: { calls: PastCall[]; title: string }) {
  const { t, lang } = useT();
  const zone = useZone();
  return (
    <section className="rw-panel" aria-label={title}>
      <div className="rw-panel-head">
        <h3>{title}</h3>
        {calls.length > 0 && <span className="rw-dim rw-small">{calls.length}</span>}
      </div>
      {calls.length === 0 && <p className="rw-dim">{t("history.none")}</p>}
      <ol className="rw-history">
        {calls.map(h => (
          <li key={h.call}>
            <div className="rw-history-line">
              <Link className="rw-link" href={`/calls/${encodeURIComponent(h.call)}`}>
                {dateTime(Date.parse(h.start), zone, lang)}
              </Link>
              <span className="rw-num rw-dim">{h.duration_seconds !== undefined ? duration(h.duration_seconds) : ""}</span>
            </div>
            <div>
              {outcome(h) ? <b>{outcome(h)}</b> : <span className="rw-dim">{t("history.no_disposition")}</span>}
              <span className="rw-dim"> {[h.queue, h.agent].filter(Boolean).join(" · ")}</span>
            </div>
            {h.note && <p className="rw-history-note">{h.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
