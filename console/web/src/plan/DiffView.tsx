import { useT } from "../i18n";
import { parseDiff } from "./diff";
import { differences } from "./differences";
import type { Change, FileDiff } from "./types";

const tones = { added: "good", removed: "bad", changed: "busy" } as const;

/** DiffView shows how two configurations differ: in words, then line by line. */
export function DiffView({ changes, files }: { changes: Change[]; files: FileDiff[] }) {
  const { t, or } = useT();
  if (changes.length === 0 && files.length === 0) return <p className="rw-dim">{t("plan.no_difference")}</p>;
  return (
    <div className="rw-stack">
      {changes.length > 0 && (
        <ul className="rw-changes" aria-label={t("plan.changes")}>
          {changes.map((c, i) => (
            <li key={i}>
              <span className="rw-badge" data-tone={tones[c.kind]}>
                {or("change", c.kind)}
              </span>
              <span>
                {or("noun", c.noun)} <b>{c.name}</b> <span className="rw-dim">{differences(c)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {files.map(f => (
        <div key={f.path}>
          <h3 className="rw-h3 rw-mono">
            {f.path} · {or("change", f.change)}
          </h3>
          <section className="rw-diff" tabIndex={0} aria-label={f.path}>
            <table>
              <tbody>
                {parseDiff(f.text).map((l, i) => (
                  <tr key={i} data-kind={l.kind}>
                    <td className="rw-diff-no">{l.old}</td>
                    <td className="rw-diff-no">{l.new}</td>
                    <td className="rw-diff-sign">{l.kind === "add" ? "+" : l.kind === "del" ? "−" : ""}</td>
                    <td>{l.text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      ))}
    </div>
  );
}
