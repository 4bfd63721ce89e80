import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { Link, useParams } from "wouter";
import { get } from "../api/client";
import type { CallStory } from "../api/types";
import { type Key, useT } from "../i18n";
import { clockTime, dateTime, duration, fullDateTime, languageName, regionName } from "../lib/format";
import { useStore } from "../lib/store";
import { session } from "../session/session";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Loaded, PageHead, Waiting } from "../ui/Page";
import { CallBack } from "./CallBack";
import "./call.css";
import { callSeconds, resultOf } from "./counted";
import { Decisions } from "./Decisions";
import { facts } from "./facts";
import { Lanes } from "./Lanes";
import { Legs } from "./Legs";
import { Recordings } from "./Recordings";

const Ladder = lazy(() => import("./Ladder"));

export default function Call() {
  const { id = "" } = useParams();
  const { t } = useT();
  const path = `/calls/${encodeURIComponent(id)}`;
  const q = useQuery({
    queryKey: ["call", id],
    queryFn: ({ signal }) => get<CallStory>(path, {}, signal),
    refetchInterval: r => (r.state.data && !r.state.data.call.end ? 3000 : false),
  });
  return (
    <div className="rw-page">
      <Link className="rw-back" href="/calls">
        <Icon name="left" size={16} /> {t("nav.calls")}
      </Link>
      <Loaded q={q}>{story => <Story s={story} path={path} />}</Loaded>
    </div>
  );
}

function Story({ s, path }: { s: CallStory; path: string }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const c = s.call;
  const admin = useStore(session, x => "me" in x && x.me.role === "admin");
  const start = Date.parse(c.start);
  const names = s.names ?? {};
  const name = (id: string) => names[id] || id;
  return (
    <>
      <PageHead
        title={c.caller_name || c.caller_number || c.id}
        sub={
          <>
            {dateTime(start, zone, lang)} · {zone} · <span className="rw-mono">{c.id}</span>
          </>
        }
      >
        {c.end && <CallBack head call={c.id} reach={s.reach} name={c.caller_name || c.caller_number || c.id} />}
        {c.customer && (
          <Button
            component={Link}
            href={`/customers/${encodeURIComponent(c.customer)}`}
            variant="default"
            leftSection={<Icon name="user" size={16} />}
          >
            {t("card.customer")}
          </Button>
        )}
      </PageHead>
      <dl className="rw-panel rw-facts">
        <Fact name="calls.result">{c.end ? or("result", resultOf(c)) : t("calls.running")}</Fact>
        <Fact name="calls.length">{callSeconds(c) === undefined ? "" : duration(callSeconds(c))}</Fact>
        <Fact name="calls.kind">{or("kind", c.kind)}</Fact>
        <Fact name="call.dialled">{c.dialled}</Fact>
        <Fact name="callback.returns">{str(c.returns) && <CallLink id={str(c.returns)} />}</Fact>
        <Fact name="call.consult_of">{str(c.parent) && <CallLink id={str(c.parent)} />}</Fact>
        <Fact name="call.consults">
          {(s.consults?.length ?? 0) > 0 &&
            s.consults?.map(k => (
              <div key={k.id}>
                {clockTime(Date.parse(k.start), zone, lang, true)} {k.dialled} · <CallLink id={k.id} />
              </div>
            ))}
        </Fact>
        <Fact name="card.language">{languageName(c.language, lang)}</Fact>
        <Fact name="card.region">{regionName(c.region, lang)}</Fact>
        <Fact name="card.booking">{c.booking}</Fact>
        <Fact name="disposition.title">
          {c.label || (s.disposition?.code === "none" ? t("call.no_disposition") : s.disposition?.code)}
        </Fact>
        <Fact name="call.cause">{or("cause", c.cause)}</Fact>
        <Fact name="call.ended_by">{or("side", str(c.ended_by))}</Fact>
        <Fact name="call.step">{str(c.failed_step) || str(c.last_step)}</Fact>
        <Fact name="call.plan">{str(c.plan_version)}</Fact>
      </dl>
      {s.note && (
        <section className="rw-panel">
          <div className="rw-panel-head">
            <h3>{t("note.title")}</h3>
          </div>
          <p className="rw-pre">{s.note}</p>
        </section>
      )}
      <h2 className="rw-h2">{t("call.timeline")}</h2>
      <Lanes s={s} name={name} />
      <Recordings path={path} visits={s.visits ?? []} />
      {(s.decisions?.length ?? 0) > 0 && (
        <>
          <h2 className="rw-h2">{t("call.decisions")}</h2>
          <Decisions all={s.decisions ?? []} offers={s.offers ?? []} name={name} />
        </>
      )}
      {(s.legs?.length ?? 0) > 0 && (
        <>
          <h2 className="rw-h2">{t("call.legs")}</h2>
          <Legs legs={s.legs ?? []} name={name} />
        </>
      )}
      <Events s={s} name={name} />
      {admin && (
        <Suspense fallback={<Waiting />}>
          <Ladder id={c.id} />
        </Suspense>
      )}
    </>
  );
}

function Events({ s, name }: { s: CallStory; name(id: string): string }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const [all, setAll] = useState(false);
  const events = s.events ?? [];
  if (events.length === 0) return null;
  const start = Date.parse(s.call.start);
  const shown = all ? events : events.slice(0, 12);
  return (
    <>
      <h2 className="rw-h2">{t("call.events")}</h2>
      <div className="rw-tablebox" tabIndex={0}>
        <table className="rw-table rw-cards">
          <tbody>
            {shown.map((e, i) => (
              <tr key={e.seq ?? i}>
                <td className="rw-num rw-dim rw-nowrap" title={fullDateTime(Date.parse(e.at), zone, lang)}>
                  {clockTime(Date.parse(e.at), zone, lang, true)} · +{((Date.parse(e.at) - start) / 1000).toFixed(1)} s
                </td>
                <td>
                  <b>{or("event", e.kind ?? e.type)}</b>
                </td>
                <td className="rw-dim">{facts({ ...e, agent: e.agent && name(e.agent) }).join(" · ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {events.length > shown.length && (
          <Button variant="subtle" fullWidth onClick={() => setAll(true)}>
            {t("call.all_events", { count: events.length })}
          </Button>
        )}
      </div>
    </>
  );
}

function CallLink({ id }: { id: string }) {
  return (
    <Link className="rw-link rw-mono" href={`/calls/${encodeURIComponent(id)}`}>
      {id}
    </Link>
  );
}

function str(v: unknown): string {
  return typeof v === "string" ? v : "";
}

function Fact({ name, children }: { name: Key; children: ReactNode }) {
  const { t } = useT();
  if (!children) return null;
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}
