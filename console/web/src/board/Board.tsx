import { Button, Menu, Modal, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { post } from "../api/client";
import type { AgentRow, BoardQueue } from "../api/types";
import { byState, counts, norm } from "../desk/states";
import { type Key, useT } from "../i18n";
import { since } from "../lib/clock";
import { clockTime, duration, number } from "../lib/format";
import { useStore } from "../lib/store";
import { useNow } from "../lib/ticker";
import { Icon } from "../ui/Icon";
import { Empty, PageHead } from "../ui/Page";
import { StateBadge } from "../ui/StateBadge";
import { Table } from "../ui/Table";
import { toast, toastProblem } from "../ui/toast";
import { AgentWhy } from "./AgentWhy";
import "./board.css";
import { boardView, watchBoard } from "./feed";
import { type Grade, grades, marks } from "./grade";
import { WaitingList } from "./WaitingList";

export default function BoardPage() {
  const { t, lang } = useT();
  useEffect(() => watchBoard(lang), [lang]);
  const { board, status } = useStore(boardView);
  const now = useNow();
  const [queue, setQueue] = useState<string | null>(null);
  return (
    <div className="rw-page rw-full">
      <PageHead
        title={t("nav.board")}
        sub={board ? `${t("board.today")} · ${clockTime(now, board.zone, lang, true)} ${board.zone}` : undefined}
      >
        {status === "lost" && (
          <span className="rw-badge" data-tone="bad" role="status">
            <span className="rw-badge-dot" aria-hidden="true" />
            {t("conn.lost")}
          </span>
        )}
        <WallLink />
      </PageHead>
      {!board && status === "refused" && <Empty icon="board" title={t("error.not_found")} />}
      {board && (
        <>
          {board.made_up_until && (
            <p className="rw-sample" role="note">
              <Icon name="info" size={16} />
              {t("board.made_up", { to: clockTime(Date.parse(board.made_up_until), board.zone, lang) })}
            </p>
          )}
          <div className="rw-board-queues">
            {(board.queues ?? []).map(q => (
              <QueueCard key={q.name} q={q} formulas={board.formulas ?? {}} open={() => setQueue(q.name)} />
            ))}
          </div>
          {(board.queues ?? []).length === 0 && <Empty icon="queue" title={t("board.no_queues")} />}
          <h2 className="rw-h2">{t("board.agents")}</h2>
          <Agents all={board.agents ?? []} />
        </>
      )}
      <Modal
        opened={queue !== null}
        onClose={() => setQueue(null)}
        title={`${t("board.waiting")}: ${queue ?? ""}`}
        size="xl"
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {queue !== null && <WaitingList queue={queue} />}
      </Modal>
    </div>
  );
}

function QueueCard({ q, formulas, open }: { q: BoardQueue; formulas: Record<string, string>; open(): void }) {
  const { t, lang } = useT();
  const now = useNow();
  const longest = since(q.longest_wait_since, now) / 1000;
  const g = grades(q, longest);
  const told = (name = "") => [name, formulas[name]].filter(Boolean).join(": ");
  return (
    <section className="rw-panel rw-queue" data-grade={g.all} aria-label={q.name}>
      <header>
        <h3>{q.name}</h3>
        <GradeWord g={g.all} />
      </header>
      <button type="button" className="rw-queue-wait" onClick={open} disabled={q.waiting === 0} title={t("board.show_waiting")}>
        <span className="rw-queue-big" data-grade={g.waiting}>
          {q.waiting}
        </span>
        <span>
          {t("board.waiting")}
          <br />
          <span className="rw-num" data-grade={g.wait}>
            {q.waiting > 0 ? `${t("board.longest")} ${duration(longest)}` : t("board.nobody")}
          </span>
        </span>
      </button>
      <dl>
        <Figure name="board.service" grade={g.service} title={told(q.service_level_formula)}>
          {q.service_level === null || q.service_level === undefined ? "–" : `${number(q.service_level, lang, 1)} %`}
        </Figure>
        <Figure name="board.asa" title={told("asa")}>
          {q.asa_seconds === null || q.asa_seconds === undefined ? "–" : duration(q.asa_seconds)}
        </Figure>
        <Figure name="board.offered" title={told("offered")}>
          {number(q.offered, lang)}
        </Figure>
        <Figure name="board.abandoned" grade={g.abandoned} title={told("abandoned")}>
          {number(q.abandoned, lang)}
        </Figure>
        <Figure name="board.free">
          {q.free} / {q.joined}
        </Figure>
      </dl>
    </section>
  );
}

function Figure({
  name,
  grade = "none",
  title,
  children,
}: {
  name: Key;
  grade?: Grade;
  title?: string;
  children: React.ReactNode;
}) {
  const { t } = useT();
  return (
    <div title={title}>
      <dt>{t(name)}</dt>
      <dd className="rw-num" data-grade={grade}>
        {marks[grade] && <span aria-hidden="true">{marks[grade]} </span>}
        {children}
        {grade !== "none" && <span className="rw-sr"> {t(`grade.${grade}` as Key)}</span>}
      </dd>
    </div>
  );
}

function GradeWord({ g }: { g: Grade }) {
  const { t } = useT();
  if (g === "none") return null;
  return (
    <span className="rw-grade" data-grade={g}>
      {marks[g]} {t(`grade.${g}` as Key)}
    </span>
  );
}

function Agents({ all }: { all: AgentRow[] }) {
  const { t, lang } = useT();
  const sorted = byState(all);
  if (all.length === 0) return <Empty icon="users" title={t("board.no_agents")} />;
  return (
    <>
      <ul className="rw-board-states" aria-label={t("board.by_state")}>
        {counts(sorted).map(([state, n]) => (
          <li key={state}>
            <b className="rw-num">{number(n, lang)}</b> <StateBadge state={state} />
          </li>
        ))}
      </ul>
      <AgentTable all={sorted} />
    </>
  );
}

function AgentTable({ all }: { all: AgentRow[] }) {
  const { t } = useT();
  const [asked, setAsked] = useState<AgentRow | null>(null); // stays to be read also when she leaves the table
  const [open, setOpen] = useState(false);
  const ask = (a: AgentRow) => {
    setAsked(a);
    setOpen(true);
  };
  const now = useNow();
  return (
    <>
      <Table
        rows={all}
        id={a => a.id}
        columns={[
          {
            head: t("calls.agent"),
            cell: a => (
              <>
                <b>{a.name || a.id}</b>
                {a.robot && <span className="rw-dim rw-small"> · {t("board.robot")}</span>}
              </>
            ),
          },
          { head: t("board.state"), cell: a => <StateBadge state={a.state} reason={a.reason} /> },
          {
            head: t("board.since"),
            cell: a => (norm(a.state) === "offline" ? "" : duration(since(a.since, now) / 1000)),
            right: true,
          },
          { head: t("calls.queue"), cell: a => a.queue },
          { head: t("board.team"), cell: a => a.team_name || a.team, className: "rw-dim" },
        ]}
        actions={a => <AgentMenu a={a} ask={() => ask(a)} />}
      />
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        size="lg"
        title={t("agentwhy.title", { name: asked?.name || asked?.id })}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {asked && <AgentWhy a={asked} />}
      </Modal>
    </>
  );
}

function AgentMenu({ a, ask }: { a: AgentRow; ask(): void }) {
  const { t } = useT();
  const go = (verb: "join" | "leave" | "pause" | "resume", body: object = {}) => {
    post(`/agents/${encodeURIComponent(a.id)}/${verb}`, body)
      .then(() => toast(t("board.done", { name: a.name || a.id })))
      .catch(toastProblem);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" aria-label={`${t("common.more_actions")}: ${a.name}`}>
          <Icon name="more" size={16} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={ask}>{t("agentwhy.menu")}</Menu.Item>
        <Menu.Item onClick={() => go("resume")}>{t("board.make_ready")}</Menu.Item>
        <Menu.Item onClick={() => go("pause", { reason: "manager" })}>{t("board.make_not_ready")}</Menu.Item>
        <Menu.Item onClick={() => go("join")}>{t("board.join")}</Menu.Item>
        <Menu.Item color="red" onClick={() => go("leave")}>
          {t("board.leave")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function WallLink() {
  const { t } = useT();
  const [url, setURL] = useState("");
  const make = () => {
    post<{ url: string }>("/board/tokens")
      .then(r => setURL(new URL(r.url, location.origin).href))
      .catch(toastProblem);
  };
  return (
    <>
      <Button variant="default" leftSection={<Icon name="external" size={16} />} onClick={make}>
        {t("board.wall")}
      </Button>
      <Modal
        opened={!!url}
        onClose={() => setURL("")}
        title={t("board.wall")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <p className="rw-dim">{t("board.wall_hint")}</p>
        <TextInput readOnly value={url} onFocus={e => e.currentTarget.select()} aria-label={t("board.wall")} mt="sm" />
        <div className="rw-row rw-end">
          <Button component={Link} href="/system/walls" variant="default">
            {t("board.walls")}
          </Button>
          <Button component="a" href={url} target="_blank" rel="noopener">
            {t("board.open")}
          </Button>
        </div>
      </Modal>
    </>
  );
}
