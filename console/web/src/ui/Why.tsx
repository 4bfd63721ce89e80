import { useT } from "../i18n";
import { type Choice, type Removed, rankName, rankValue, removedNames, why } from "../i18n/why";

interface Props {
  c: Choice;
  removed: Removed[];
  name(id: string): string;
}

/** Why tells a decision: who was chosen and why, how the candidates compared, and who was not considered. */
export function Why({ c, removed, name }: Props) {
  const { or, t, lang } = useT();
  return (
    <>
      <p className="rw-pre">{why(c, name).join(lang === "en" ? " " : "")}</p>
      <div className="rw-decision-cols">
        {c.ranks.length > 0 && <Ranks c={c} name={name} />}
        {removed.length > 0 && (
          <details open={c.ranks.length === 0}>
            <summary>{t("decision.removed")}</summary>
            <ul>
              {removed.map((r, i) => (
                <li key={i}>
                  <b>{or("rule", r.rule)}</b> <span className="rw-num">({r.count})</span>{" "}
                  <span className="rw-dim">
                    {removedNames(r.agents, r.count, name)} {r.detail && <code className="rw-mono">{r.detail}</code>}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </>
  );
}

function Ranks({ c, name }: { c: Choice; name(id: string): string }) {
  const { t } = useT();
  return (
    <section className="rw-scroll" tabIndex={0} aria-label={t("decision.ranked")}>
      <table className="rw-table rw-compact">
        <thead>
          <tr>
            <th>{t("calls.agent")}</th>
            {c.names.map(n => (
              <th key={n}>{rankName(n)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {c.ranks.map(r => (
            <tr key={r.agent} data-chosen={c.chosen.includes(r.agent) || undefined}>
              <td>{name(r.agent)}</td>
              {c.names.map((n, i) => (
                <td key={n} className="rw-num">
                  {rankValue(n, r.values[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
