import { Loader, Spoiler } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import type { Card, Note } from "../api/types";
import { useT } from "../i18n";
import { clockTime, dateTime, daypart, duration, languageName, offset, regionName, zoneOK } from "../lib/format";
import { useNow } from "../lib/ticker";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";

const WhyYou = lazy(() => import("./WhyYou"));

/** CustomerCard is who calls: everything that helps before the first word is spoken. */
export function CustomerCard({ card }: { card: Card }) {
  const { t, lang } = useT();
  const c = card.customer;
  const fields = Object.entries(c?.fields ?? {});
  return (
    <div className="rw-card-body">
      <dl className="rw-facts">
        {c?.language && (
          <Fact name={t("card.language")}>
            <b>{languageName(c.language, lang)}</b>
          </Fact>
        )}
        {c?.region && (
          <Fact name={t("card.region")}>
            <b>{regionName(c.region, lang)}</b>
          </Fact>
        )}
        {c?.zone && zoneOK(c.zone) && (
          <Fact name={t("card.local_time")}>
            <LocalTime zone={c.zone} />
          </Fact>
        )}
        {c?.booking && (
          <Fact name={t("card.booking")}>
            <b className="rw-mono">{c.booking}</b>
          </Fact>
        )}
        {card.number && (
          <Fact name={t("card.number")}>
            <span className="rw-mono">{card.number}</span>
          </Fact>
        )}
        {card.entered && card.waited_seconds !== undefined && (
          <Fact name={t("card.waited")}>
            <span className="rw-num">{duration(card.waited_seconds)}</span>
          </Fact>
        )}
        {!!c?.priority_seconds && (
          <Fact name={t("card.priority")}>
            <span className="rw-num">+{duration(c.priority_seconds)}</span>
          </Fact>
        )}
        {c?.id && (
          <Fact name={t("card.customer")}>
            <Link className="rw-link rw-mono" href={`/customers/${encodeURIComponent(c.id)}`}>
              {c.id}
            </Link>
          </Fact>
        )}
      </dl>
      {card.lookup === "pending" && (
        <p className="rw-dim rw-row">
          <Loader size={14} /> {t("card.lookup_pending")}
        </p>
      )}
      {card.lookup === "failed" && (
        <p className="rw-dim rw-row">
          <Icon name="info" size={16} /> {t("card.lookup_failed")}
        </p>
      )}
      {fields.length > 0 && (
        <dl className="rw-facts rw-fields">
          {fields.map(([k, v]) => (
            <Fact key={k} name={k.replace(/_/g, " ")}>
              {String(v)}
            </Fact>
          ))}
        </dl>
      )}
      <CustomerNotes card={card} />
      {card.why?.chosen && (
        <Suspense fallback={null}>
          <WhyYou reason={card.why} />
        </Suspense>
      )}
    </div>
  );
}

function CustomerNotes({ card }: { card: Card }) {
  const { t } = useT();
  const notes = card.customer?.notes ?? [];
  if (notes.length === 0) return null;
  return (
    <div>
      <h3 className="rw-h3">{t("card.notes")}</h3>
      <Spoiler maxHeight={150} showLabel={t("common.more")} hideLabel={t("common.less")}>
        <NoteList notes={notes} />
      </Spoiler>
    </div>
  );
}

/** NoteList is what agents wrote of a customer, each with who and when. */
export function NoteList({ notes }: { notes: Note[] }) {
  const { lang } = useT();
  const zone = useZone();
  return (
    <ul className="rw-notes">
      {notes.map(n => (
        <li key={n.id}>
          <p>{n.text}</p>
          <span className="rw-dim rw-small">
            {n.by} · {dateTime(Date.parse(n.at), zone, lang)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function LocalTime({ zone }: { zone: string }) {
  const { t, lang } = useT();
  const now = useNow(15_000);
  const mine = useZone();
  const part = daypart(now, zone);
  const off = offset(zone, mine, now);
  return (
    <span className="rw-localtime" data-part={part}>
      <Icon name={part === "night" ? "moon" : "sun"} size={15} />
      <b className="rw-num">{clockTime(now, zone, lang)}</b>
      <span className="rw-dim"> {off || t("card.same_zone")}</span>
      {part === "night" && <span className="rw-night">{t("card.night")}</span>}
    </span>
  );
}
