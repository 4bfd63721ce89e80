import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { useT } from "../i18n";
import { clockTime, duration } from "../lib/format";
import { useZone } from "../session/zone";

interface Recording {
  id: string;
  agent?: string;
  queue?: string;
  start: string;
  end?: string;
  duration_seconds: number;
  bytes: number;
  state: "recording" | "done" | "broken" | "deleted";
  reason?: string;
}

/** Recordings are the conversations of a call that one may hear; nothing is fetched before somebody presses play. */
export function Recordings({ path }: { path: string }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const q = useQuery({
    queryKey: ["recordings", path],
    queryFn: ({ signal }) => get<Recording[]>(`${path}/recordings`, {}, signal),
    refetchInterval: r => (r.state.data?.some(x => x.state === "recording") ? 3000 : false),
    retry: false,
  });
  const all = q.data ?? [];
  if (all.length === 0) return null;
  return (
    <>
      <h2 className="rw-h2">{t("call.recordings")}</h2>
      {all.map(r => (
        <section className="rw-panel rw-recording" key={r.id}>
          <div>
            <b>{r.agent || r.queue || t("calls.caller")}</b>{" "}
            <span className="rw-dim rw-num">
              {clockTime(Date.parse(r.start), zone, lang, true)}
              {r.end && ` · ${duration(r.duration_seconds)}`}
            </span>
            {r.state !== "done" && <div className="rw-dim rw-small">{or("recording", r.reason || r.state)}</div>}
          </div>
          {r.bytes > 0 && (
            // biome-ignore lint/a11y/useMediaCaption: a recorded conversation has no captions
            <audio
              controls
              preload="none"
              src={`/api/v1/recordings/${encodeURIComponent(r.id)}`}
              aria-label={`${t("call.recording")} ${clockTime(Date.parse(r.start), zone, lang)}`}
            />
          )}
        </section>
      ))}
      <p className="rw-dim rw-small">{t("call.recording_sides")}</p>
    </>
  );
}
