import { useQuery, useQueryClient } from "@tanstack/react-query";
import { post } from "../api/client";
import { all } from "../api/list";
import type { ReportLetter } from "../api/types";
import { type Key, say, useT } from "../i18n";
import { clock } from "../lib/clock";
import { dateTime, languageName, weekday } from "../lib/format";
import { ConfirmButton } from "../ui/Confirm";
import { Empty, Loaded } from "../ui/Page";
import { Table } from "../ui/Table";

/** Mails: the reports that go out by mail, when, to whom, and what the mail server said. */
export default function Mails() {
  const { t } = useT();
  const q = useQuery({
    queryKey: ["report-letters"],
    queryFn: () => all<ReportLetter>("/report-letters"),
    refetchInterval: r => (r.state.data?.some(l => l.asked) ? 1000 : 10_000),
  });
  return (
    <Loaded q={q}>
      {letters =>
        letters.length === 0 ? (
          <Empty icon="external" title={t("mail.none")} hint={t("mail.hint")} />
        ) : (
          letters.map(l => <Letter key={l.id} l={l} />)
        )
      }
    </Loaded>
  );
}

const tones = { left: "good", waiting: "hold", refused: "bad", never: "off" } as const;

function Letter({ l }: { l: ReportLetter }) {
  const { t, or, lang } = useT();
  const queries = useQueryClient();
  // On the clock by which it is due, which stands in its settings.
  const at = (time?: string | null) => (time ? dateTime(Date.parse(time), l.zone, lang) : "–");
  const name = or("report.kind", l.report);
  const to = l.to ?? [];
  return (
    <section className="rw-panel" aria-label={name}>
      <div className="rw-panel-head rw-hook-head">
        <div>
          <h3>{name}</h3>
          <span className="rw-dim">{settings(l, lang)}</span>
        </div>
        <ConfirmButton
          c={undefined}
          label={t("mail.send")}
          of={name}
          title={t("mail.send_title")}
          yes={t("mail.send")}
          act={() => post(`/report-letters/${encodeURIComponent(l.id)}/send`)}
          done={() => void queries.invalidateQueries({ queryKey: ["report-letters"] })}
        >
          <p>{t("mail.send_hint", { name, count: to.length })}</p>
          <p className="rw-dim">{to.map(r => r.to).join(", ")}</p>
        </ConfirmButton>
      </div>
      <dl className="rw-facts">
        <div>
          <dt>{t("mail.next")}</dt>
          <dd className="rw-num">{at(l.next)}</dd>
        </div>
        <div>
          <dt>{t("mail.last")}</dt>
          <dd className="rw-num">{at(l.last)}</dd>
        </div>
      </dl>
      {l.asked && (
        <p className="rw-dim" role="status">
          {t("mail.asked")}
        </p>
      )}
      {l.error && (
        <p className="rw-error rw-hook-error">
          {t("mail.failed")} <span className="rw-mono">{l.error}</span>{" "}
          {l.again && Date.parse(l.again) > clock.now() && t("mail.again", { time: at(l.again) })}
        </p>
      )}
      <Table
        inner
        rows={to}
        id={r => r.to}
        columns={[
          { head: t("mail.to"), cell: r => r.to },
          {
            head: t("board.state"),
            cell: r => (
              <span className="rw-badge" data-tone={tones[r.state]}>
                <span className="rw-badge-dot" aria-hidden="true" />
                {t(`mail.${r.state}` as Key)}
              </span>
            ),
          },
          { head: t("mail.due"), cell: r => at(r.due), className: "rw-num rw-nowrap" },
          { head: t("mail.tried"), cell: r => at(r.tried), className: "rw-num rw-nowrap" },
          { head: t("mail.words"), cell: r => r.refused },
        ]}
      />
    </section>
  );
}

/** settings are those of a letter, in words. */
function settings(l: ReportLetter, lang: string): string {
  return [
    `${weekday(l.on, lang) || say("mail.daily")} ${l.at} ${l.zone}`,
    say(`mail.span.${l.span}` as Key),
    l.queue && `${say("calls.queue")}: ${l.queue}`,
    l.team && `${say("board.team")}: ${l.team_name || l.team}`,
    l.language && languageName(l.language, lang),
    say(`report.${l.format}` as Key),
  ]
    .filter(Boolean)
    .join(" · ");
}
