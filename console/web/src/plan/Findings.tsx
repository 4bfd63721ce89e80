import { useT } from "../i18n";
import { useFindings } from "../i18n/findings";
import { Icon } from "../ui/Icon";
import { place } from "./position";
import type { Finding, Position } from "./types";

const shown = 100;

/** Findings lists what is wrong, errors first; each leads to its line. */
export function Findings({ all, go }: { all: Finding[]; go?(p: Position): void }) {
  const { t } = useT();
  const tell = useFindings();
  if (all.length === 0) return null;
  const sorted = [...all].sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
  return (
    <section className="rw-panel rw-findings" aria-label={t("plan.findings")}>
      <ul>
        {sorted.slice(0, shown).map((f, i) => (
          <li key={i} data-tone={f.severity === "error" ? "bad" : "hold"}>
            <button type="button" onClick={() => go?.(f)} disabled={!go || !f.file}>
              <Icon name={f.severity === "error" ? "warn" : "info"} size={15} />
              <span>
                <span className="rw-mono rw-findings-at">
                  {place(f)} {f.code}
                </span>
                {tell(f.message, f.said)}
                {f.hint && <span className="rw-dim"> {tell(f.hint, f.advised)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
