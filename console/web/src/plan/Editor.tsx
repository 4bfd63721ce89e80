import { Button, Select, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { get } from "../api/client";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { Icon } from "../ui/Icon";
import { Waiting } from "../ui/Page";
import { ApplyDialog } from "./ApplyDialog";
import { type Schema, schemaOf } from "./complete";
import { discard, draft, edit, edited, paths, textOf } from "./draft";
import { Findings } from "./Findings";
import { NewFile } from "./NewFile";
import { editLink } from "./position";
import type { Finding, Position } from "./types";
import { useCheck } from "./useCheck";

const Code = lazy(() => import("./Code"));

/** Editor: the files, what the switch says of them as they are typed, and the way to bring them in force. */
export default function Editor() {
  const { t } = useT();
  const d = useStore(draft);
  const [, go] = useLocation();
  const search = useSearch();
  const all = paths(d);
  const asked = new URLSearchParams(search);
  const path = all.find(p => p === asked.get("file")) ?? all.find(p => p.startsWith("dialplan/")) ?? all[0] ?? "";
  const at = useMemo(() => {
    const q = new URLSearchParams(search);
    const line = Number(q.get("line"));
    return line > 0 ? { line, column: Number(q.get("column")) } : undefined;
  }, [search]);
  const mine = edited(d);
  const check = useCheck(mine);
  const [dialog, setDialog] = useState(false);
  const dirty = Object.keys(mine).length > 0;
  const jump = (p: Position) => go(`${editLink(p)}&n=${Date.now()}`, { replace: true });
  return (
    <>
      <div className="rw-row rw-plan-bar">
        <Select
          className="rw-plan-pick"
          aria-label={t("plan.files")}
          data={all.map(p => ({ value: p, label: p + (p in mine ? " •" : "") }))}
          value={path}
          onChange={v => v && go(editLink({ file: v, line: 0 }))}
          allowDeselect={false}
        />
        <NewFile taken={all} done={p => go(editLink({ file: p, line: 0 }))} />
        {path.startsWith("dialplan/") && textOf(d, path) !== undefined && (
          <Button variant="subtle" c="var(--rw-bad)" onClick={() => edit(path, null)}>
            {t("plan.remove_file")}
          </Button>
        )}
        <div className="rw-grow" />
        <CheckState checking={check.checking} findings={check.findings} failed={check.failed} />
        <Button variant="default" disabled={!dirty} onClick={discard}>
          {t("plan.discard")}
        </Button>
        <Button disabled={!dirty} onClick={() => setDialog(true)}>
          {t("plan.compare")}
        </Button>
      </div>
      <div className="rw-plan">
        <FileList all={all} here={path} mine={mine} findings={check.findings} />
        <File path={path} findings={check.findings} at={at} />
      </div>
      <Findings all={check.findings} go={jump} />
      {dialog && <ApplyDialog files={mine} close={() => setDialog(false)} refused={f => f[0] && jump(f[0])} />}
    </>
  );
}

function CheckState({ checking, findings, failed }: { checking: boolean; findings: Finding[]; failed: string }) {
  const { t } = useT();
  const errors = findings.filter(f => f.severity === "error").length;
  const tone = failed || errors > 0 ? "bad" : findings.length > 0 ? "hold" : "good";
  const text =
    failed ||
    (checking
      ? t("plan.checking")
      : errors > 0
        ? t("plan.errors", { count: errors })
        : findings.length > 0
          ? t("plan.warnings", { count: findings.length })
          : t("plan.sound"));
  return (
    <span className="rw-badge" data-tone={checking ? "off" : tone} role="status">
      <span className="rw-badge-dot" aria-hidden="true" />
      {text}
    </span>
  );
}

interface ListProps {
  all: string[];
  here: string;
  mine: Record<string, string | null>;
  findings: Finding[];
}

function FileList({ all, here, mine, findings }: ListProps) {
  const { t } = useT();
  const [, go] = useLocation();
  return (
    <nav className="rw-panel rw-plan-files" aria-label={t("plan.files")}>
      {all.map(p => {
        const bad = findings.filter(f => f.file === p);
        const worst = bad.some(f => f.severity === "error") ? "bad" : "hold";
        return (
          <button
            key={p}
            type="button"
            aria-current={p === here ? "page" : undefined}
            data-gone={mine[p] === null || undefined}
            onClick={() => go(editLink({ file: p, line: 0 }))}
          >
            <span className="rw-mono">{p}</span>
            {p in mine && (
              <Tooltip label={t(mine[p] === null ? "plan.gone" : "plan.edited")}>
                <span className="rw-plan-dot" role="img" aria-label={t(mine[p] === null ? "plan.gone" : "plan.edited")} />
              </Tooltip>
            )}
            {bad.length > 0 && (
              <span className="rw-badge" data-tone={worst}>
                {bad.length}
              </span>
            )}
          </button>
        );
      })}
    </nav>
  );
}

function File({ path, findings, at }: { path: string; findings: Finding[]; at?: { line: number; column: number } }) {
  const { t } = useT();
  const d = useStore(draft);
  const kind = schemaOf(path);
  const schema = useQuery({
    queryKey: ["config-schema", kind],
    queryFn: () => get<Schema>(`/config/schema/${kind}.json`),
    staleTime: 60_000,
    retry: false,
  });
  const here = useMemo(() => findings.filter(f => f.file === path), [findings, path]);
  const text = textOf(d, path);
  if (text === undefined)
    return (
      <div className="rw-panel rw-empty">
        <Icon name="x" size={30} />
        <h2>{t("plan.gone")}</h2>
        <Button variant="default" onClick={() => draft.set(x => ({ ...x, edits: without(x.edits, path) }))}>
          {t("plan.bring_back")}
        </Button>
      </div>
    );
  const hidden = d.base?.files.find(f => f.path === path)?.hidden ?? false;
  return (
    <div className="rw-plan-code">
      {hidden && <p className="rw-notice">{t("plan.hidden")}</p>}
      <Suspense fallback={<Waiting />}>
        <Code path={path} text={text} label={path} readOnly={hidden} schema={schema.data} findings={here} at={at} change={edit} />
      </Suspense>
    </div>
  );
}

function without(edits: Record<string, string | null>, path: string) {
  const { [path]: _, ...rest } = edits;
  return rest;
}
