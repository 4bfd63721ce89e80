import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { del } from "../api/client";
import { all } from "../api/list";
import type { Visit } from "../api/types";
import { atLeast } from "../app/pages";
import { useT } from "../i18n";
import { clockTime, duration } from "../lib/format";
import { useStore } from "../lib/store";
import { session } from "../session/session";
import { useZone } from "../session/zone";
import { ConfirmButton } from "../ui/Confirm";
import { Icon } from "../ui/Icon";

interface Recording {
  id: string;
  agent?: string;
  queue?: string;
  visit?: string;
  start: string;
  end?: string;
  duration_seconds: number;
  bytes: number;
  state: "recording" | "done" | "broken" | "deleted";
  reason?: string;
}

/** Recordings are the conversations of a call that one may hear; nothing is fetched before somebody presses play. */
export function Recordings({ path, visits }: { path: string; visits: Visit[] }) {
  const { t } = useT();
  const q = useQuery({
    queryKey: ["recordings", path],
    queryFn: ({ signal }) => all<Recording>(`${path}/recordings`, {}, signal),
    refetchInterval: r => (r.state.data?.some(x => x.state === "recording") ? 3000 : false),
    retry: false,
  });
  const found = q.data ?? [];
  if (found.length === 0) return null;
  return (
    <>
      <h2 className="rw-h2">{t("call.recordings")}</h2>
      {found.map(r => (
        <One key={r.id} r={r} visit={visits.find(v => v.id === r.visit)} path={path} />
      ))}
      <p className="rw-dim rw-small">{t("call.recording_sides")}</p>
    </>
  );
}

function One({ r, visit, path }: { r: Recording; visit: Visit | undefined; path: string }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const at = clockTime(Date.parse(r.start), zone, lang, true);
  const admin = useStore(session, x => "me" in x && atLeast(x.me.role, "admin"));
  const queries = useQueryClient();
  const doomed = r.state === "recording" && !!r.reason; // its sound goes when the conversation ends
  const sound = `/api/v1/recordings/${encodeURIComponent(r.id)}`;
  return (
    <section className="rw-panel rw-recording" aria-label={`${t("call.recording")} ${at}`} tabIndex={-1}>
      <div>
        <b>{r.agent || r.queue || t("calls.caller")}</b>{" "}
        <span className="rw-dim rw-num">
          {at}
          {r.end && ` · ${duration(r.duration_seconds)}`}
        </span>
        {visit && (
          <div className="rw-dim rw-small">
            {t("call.of_visit", { queue: visit.queue, at: clockTime(Date.parse(visit.enter), zone, lang, true) })}
          </div>
        )}
        {r.state !== "done" && (
          <div className="rw-dim rw-small">{doomed ? t("call.delete_pending") : or("recording", r.reason || r.state)}</div>
        )}
      </div>
      {r.bytes > 0 && (
        <>
          {/* biome-ignore lint/a11y/useMediaCaption: a recorded conversation has no captions */}
          <audio controls preload="none" src={sound} aria-label={`${t("call.recording")} ${at}`} />
          <Button
            component="a"
            href={`${sound}?download=true`}
            download
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="download" size={14} />}
            aria-label={t("call.download_recording", { at })}
          >
            {t("call.download")}
          </Button>
        </>
      )}
      {admin && r.state !== "deleted" && !doomed && (
        <ConfirmButton
          label={t("call.delete")}
          of={`${t("call.recording")} ${at}`}
          title={t("call.delete_recording")}
          yes={t("call.delete")}
          act={() => del(`/recordings/${encodeURIComponent(r.id)}`)}
          done={() => void queries.invalidateQueries({ queryKey: ["recordings", path] })}
        >
          <p>{t(r.state === "recording" ? "call.delete_running" : "call.delete_hint", { at })}</p>
        </ConfirmButton>
      )}
    </section>
  );
}
