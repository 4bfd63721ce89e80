import { Button, Modal, Radio, Select, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../api/client";
import { Problem } from "../api/problem";
import type { Page } from "../api/types";
import { say, useT } from "../i18n";
import { dateTime, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Loaded, More } from "../ui/Page";
import { toast, words } from "../ui/toast";
import { findingsOf } from "./ApplyDialog";
import { DiffView } from "./DiffView";
import { draft, loadFiles } from "./draft";
import { Findings } from "./Findings";
import type { Applied, ConfigDiff, Version } from "./types";

type Shown = { kind: "view" | "back"; v: Version } | { kind: "diff"; from: string; to: string };

/** Versions are the configurations that were in force: look into one, compare two, go back. */
export default function Versions() {
  const { t } = useT();
  const [shown, setShown] = useState<Shown>();
  const [pair, setPair] = useState<{ from?: string; to?: string }>({});
  const q = useInfiniteQuery({
    queryKey: ["config-versions"],
    queryFn: ({ pageParam }) => get<Page<Version>>("/config/versions", { cursor: pageParam, limit: 50 }),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
  });
  return (
    <Loaded q={q}>
      {data => {
        const all = data.pages.flatMap(p => p.items ?? []);
        const from = pair.from ?? String(all[1]?.number ?? all[0]?.number ?? "");
        const to = pair.to ?? String(all[0]?.number ?? "");
        return (
          <>
            <div className="rw-row rw-plan-bar">
              <span className="rw-dim">{t("plan.pick_two")}</span>
              <Button variant="default" disabled={!from || from === to} onClick={() => setShown({ kind: "diff", from, to })}>
                {t("plan.compare_two", { from, to })}
              </Button>
            </div>
            <Table all={all} from={from} to={to} pick={p => setPair({ from, to, ...p })} show={setShown} />
            <More q={q} />
            {shown?.kind === "diff" && <Difference from={shown.from} to={shown.to} close={() => setShown(undefined)} />}
            {shown?.kind === "view" && <View v={shown.v} close={() => setShown(undefined)} />}
            {shown?.kind === "back" && <RollBack v={shown.v} close={() => setShown(undefined)} />}
          </>
        );
      }}
    </Loaded>
  );
}

interface TableProps {
  all: Version[];
  from: string;
  to: string;
  pick(p: { from?: string; to?: string }): void;
  show(s: Shown): void;
}

function Table({ all, from, to, pick, show }: TableProps) {
  const { t, or, lang } = useT();
  const zone = useZone();
  return (
    <div className="rw-tablebox" tabIndex={0}>
      <table className="rw-table">
        <thead>
          <tr>
            <th>{t("plan.from")}</th>
            <th>{t("plan.to")}</th>
            <th>{t("plan.number")}</th>
            <th>{t("system.when")}</th>
            <th>{t("system.who")}</th>
            <th>{t("plan.comment")}</th>
            <th>
              <span className="rw-sr">{t("common.more_actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map(v => {
            const n = String(v.number);
            return (
              <tr key={n}>
                <td>
                  <Radio
                    name="from"
                    size="xs"
                    aria-label={`${t("plan.from")} ${n}`}
                    checked={from === n}
                    onChange={() => pick({ from: n })}
                  />
                </td>
                <td>
                  <Radio
                    name="to"
                    size="xs"
                    aria-label={`${t("plan.to")} ${n}`}
                    checked={to === n}
                    onChange={() => pick({ to: n })}
                  />
                </td>
                <td className="rw-nowrap">
                  <b className="rw-num">{n}</b> <span className="rw-mono rw-dim">{v.version}</span>{" "}
                  {v.in_force && (
                    <span className="rw-badge" data-tone="good">
                      {t("plan.running")}
                    </span>
                  )}
                </td>
                <td className="rw-nowrap rw-num" title={fullDateTime(Date.parse(v.at), zone, lang)}>
                  {dateTime(Date.parse(v.at), zone, lang)}
                </td>
                <td className="rw-nowrap">
                  {v.by} <span className="rw-dim">{or("origin", v.origin)}</span>
                </td>
                <td className="rw-plan-comment">{comment(v)}</td>
                <td className="rw-right rw-nowrap">
                  <Button size="compact-sm" variant="subtle" onClick={() => show({ kind: "view", v })}>
                    {t("plan.view")}
                  </Button>
                  {!v.in_force && (
                    <Button size="compact-sm" variant="default" ml={6} onClick={() => show({ kind: "back", v })}>
                      {t("plan.roll_back")}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** comment is what somebody wrote, or what the switch wrote for who went back and wrote nothing. */
function comment(v: Version): string {
  const to = v.origin === "rollback" && /^back to version (\d+)$/.exec(v.comment)?.[1];
  return to ? say("plan.back_to", { number: to }) : v.comment;
}

function useDiff(from: string, to: string) {
  return useQuery({ queryKey: ["config-diff", from, to], queryFn: () => get<ConfigDiff>("/config/diff", { from, to }) });
}

const wide = "min(1000px, 94vw)";

function Difference({ from, to, close }: { from: string; to: string; close(): void }) {
  const { t } = useT();
  const q = useDiff(from, to);
  return (
    <Modal
      opened
      onClose={close}
      title={t("plan.difference", { from, to })}
      size={wide}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Loaded q={q}>{d => <DiffView changes={d.changes ?? []} files={d.files ?? []} />}</Loaded>
    </Modal>
  );
}

function View({ v, close }: { v: Version; close(): void }) {
  const { t } = useT();
  const [path, setPath] = useState<string | null>(null);
  const q = useQuery({ queryKey: ["config-version", v.number], queryFn: () => get<Version>(`/config/versions/${v.number}`) });
  return (
    <Modal
      opened
      onClose={close}
      title={t("plan.version_title", { number: v.number })}
      size={wide}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Loaded q={q}>
        {full => {
          const files = full.files ?? [];
          const file = files.find(f => f.path === path) ?? files[0];
          return (
            <div className="rw-stack">
              <Select
                aria-label={t("plan.files")}
                data={files.map(f => f.path)}
                value={file?.path ?? null}
                onChange={setPath}
                allowDeselect={false}
              />
              <pre className="rw-plan-text" tabIndex={0}>
                {file?.text}
              </pre>
            </div>
          );
        }}
      </Loaded>
    </Modal>
  );
}

function RollBack({ v, close }: { v: Version; close(): void }) {
  const { t } = useT();
  const queries = useQueryClient();
  const [comment, setComment] = useState("");
  const base = draft.get().base?.version;
  const q = useDiff("current", String(v.number));
  const back = useMutation({
    mutationFn: () => post<Applied>("/config/rollback", { version: String(v.number), base_version: base, comment }),
    onSuccess: async a => {
      await loadFiles();
      await queries.invalidateQueries({ predicate: x => /^(config|dialplan)-/.test(String(x.queryKey[0])) });
      toast(t("plan.applied", { number: a.number }));
      close();
    },
  });
  const outdated = back.error instanceof Problem && back.error.status === 409;
  return (
    <Modal
      opened
      onClose={close}
      title={t("plan.roll_back_to", { number: v.number })}
      size={wide}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <div className="rw-stack">
        <p>{t("plan.roll_back_hint")}</p>
        <Loaded q={q}>{d => <DiffView changes={d.changes ?? []} files={d.files ?? []} />}</Loaded>
        {back.error && (
          <div className="rw-notice" data-kind="bad" role="alert">
            {outdated ? t("plan.outdated") : words(back.error)}
          </div>
        )}
        <Findings all={findingsOf(back.error)} />
        <form
          className="rw-row rw-apply"
          onSubmit={e => {
            e.preventDefault();
            back.mutate();
          }}
        >
          <TextInput
            className="rw-grow"
            label={t("plan.comment")}
            maxLength={500}
            value={comment}
            onChange={e => setComment(e.currentTarget.value)}
            data-autofocus
          />
          <Button variant="default" onClick={close}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" color="red" loading={back.isPending}>
            {t("plan.roll_back")}
          </Button>
        </form>
      </div>
    </Modal>
  );
}
