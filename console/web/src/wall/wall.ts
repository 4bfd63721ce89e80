// The wall: a page for a television, opened with a token and without log-in. No framework: it must be small, and run for weeks.
import "./wall.css";
import type { AgentRow, Board, BoardQueue } from "../api/types";
import { boardView, watchBoard } from "../board/feed";
import { type Grade, grades, marks } from "../board/grade";
import { byState, counts, norm, tone } from "../desk/states";
import { type Key, lang, loadWall, say, sayOr, startI18n } from "../i18n";
import { clock, since } from "../lib/clock";
import { clockTime, duration, number } from "../lib/format";

type Child = Node | string | null;

function el(tag: string, attrs: Record<string, string>, ...children: Child[]): HTMLElement {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) if (v !== "") e.setAttribute(k, v);
  e.append(...children.filter((c): c is Node | string => c !== null));
  return e;
}

function figure(label: string, value: string, grade: Grade = "none", title = ""): HTMLElement {
  const word = grade === "none" ? "" : `${marks[grade]} ${say(`grade.${grade}` as Key)}`;
  return el(
    "div",
    { class: "figure", "data-grade": grade, title },
    el("dt", {}, label),
    el("dd", {}, value),
    el("dd", { class: "word" }, word),
  );
}

function queueCard(q: BoardQueue, now: number): HTMLElement {
  const longest = since(q.longest_wait_since, now) / 1000;
  const g = grades(q, longest);
  const level = q.service_level === null || q.service_level === undefined ? "–" : `${number(q.service_level, lang(), 0)} %`;
  return el(
    "section",
    { class: "queue", "data-grade": g.all },
    el("h2", {}, q.name),
    el(
      "dl",
      {},
      figure(say("board.waiting"), String(q.waiting), g.waiting),
      figure(say("board.longest"), q.waiting > 0 ? duration(longest) : "–", g.wait),
      figure(say("board.service"), level, g.service, q.service_level_formula ?? ""),
      figure(say("board.abandoned"), String(q.abandoned), g.abandoned),
      figure(say("board.free"), `${q.free} / ${q.joined}`),
      figure(say("board.offered"), String(q.offered)),
    ),
  );
}

function states(all: AgentRow[]): HTMLElement {
  return el(
    "ul",
    { class: "states", "aria-label": say("board.by_state") },
    ...counts(all).map(([state, n]) =>
      el("li", { "data-tone": tone(state) }, el("b", {}, number(n, lang())), el("span", {}, sayOr("state", state))),
    ),
  );
}

function agents(here: AgentRow[], now: number): HTMLElement {
  return el(
    "ul",
    { class: "agents" },
    ...here.map(a =>
      el(
        "li",
        { "data-tone": tone(a.state) },
        el("b", {}, a.name || a.id),
        el("span", {}, [sayOr("state", norm(a.state)), sayOr("reason", a.reason)].filter(Boolean).join(" · ")),
        el("time", {}, duration(since(a.since, now) / 1000)),
      ),
    ),
  );
}

function draw(root: HTMLElement) {
  const { board, status } = boardView.get();
  const now = clock.now();
  const lost = status === "lost" ? el("div", { class: "lost", role: "alert" }, `▲ ${say("conn.lost")}`) : null;
  const refused = status === "refused" || status === "expired"; // an address that was taken back shows nothing any more
  if (!board || refused) {
    const text = refused ? say("board.bad_token") : say("common.loading");
    root.replaceChildren(el("main", { class: "wall empty" }, el("p", {}, text)), ...(lost ? [lost] : []));
    return;
  }
  root.replaceChildren(page(board, now, lost));
}

function page(board: Board, now: number, lost: HTMLElement | null): HTMLElement {
  const here = byState((board.agents ?? []).filter(a => norm(a.state) !== "offline"));
  return el(
    "main",
    { class: "wall" },
    el(
      "header",
      {},
      el("h1", {}, "Ringway"),
      lost,
      el("span", {}, board.zone),
      el("time", {}, clockTime(now, board.zone, lang(), true)),
    ),
    board.made_up_until
      ? el("p", { class: "sample" }, say("board.made_up", { to: clockTime(Date.parse(board.made_up_until), board.zone, lang()) }))
      : null,
    el("div", { class: "queues" }, ...(board.queues ?? []).map(q => queueCard(q, now))),
    here.length > 0 ? states(here) : null,
    agents(here, now),
  );
}

export async function start(root: HTMLElement): Promise<void> {
  const params = new URLSearchParams(location.search);
  await startI18n();
  await loadWall();
  const scheme = params.get("scheme");
  document.documentElement.dataset.scheme = scheme === "light" ? "light" : "dark";
  document.title = `Ringway · ${say("nav.board")}`;
  watchBoard(lang(), params.get("token") ?? undefined);
  boardView.subscribe(() => draw(root));
  setInterval(() => draw(root), 1000);
  draw(root);
}
