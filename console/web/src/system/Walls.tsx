import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { del, get, post } from "../api/client";
import { list } from "../api/list";
import type { WallRow } from "../api/types";
import { useT } from "../i18n";
import { dateTime, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { toastProblem } from "../ui/toast";
import { Copyable } from "./People";
import "./walls.css";

/** Walls lists the addresses of screens on the wall, and takes them back. The addresses themselves are shown once, when made. */
export default function Walls() {
  const { t } = useT();
  const zone = useZone();
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<WallRow | null>(null);
  const q = useQuery({
    queryKey: ["walls"],
    queryFn: () => get<unknown>("/board/tokens").then(list<WallRow>),
    refetchInterval: 60_000,
  });
  return (
    <>
      <div className="rw-row rw-keysbar">
        <p className="rw-dim">
          {t("walls.hint")} {t("card.zone")}: {zone}
        </p>
        <span className="rw-grow" />
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>
          {t("walls.add")}
        </Button>
      </div>
      <Loaded q={q}>
        {all => (all.length === 0 ? <Empty icon="board" title={t("walls.none")} /> : <Table all={all} end={setEnding} />)}
      </Loaded>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("walls.add")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <NewWall />
      </Modal>
      <Modal
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title={t("walls.revoke")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {ending && <Revoke wall={ending} close={() => setEnding(null)} />}
      </Modal>
    </>
  );
}

function Table({ all, end }: { all: WallRow[]; end(w: WallRow): void }) {
  const { t } = useT();
  return (
    <div className="rw-tablebox" tabIndex={0}>
      <table className="rw-table rw-walls">
        <thead>
          <tr>
            <th>{t("walls.where")}</th>
            <th>{t("walls.by")}</th>
            <th>{t("walls.made")}</th>
            <th>{t("keysys.used")}</th>
            <th>
              <span className="rw-sr">{t("common.more_actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map(w => (
            <tr key={w.id}>
              <td>
                {w.label && <b>{w.label} </b>}
                <span className="rw-dim rw-mono">{w.id}</span>
              </td>
              <td data-label={t("walls.by")}>{w.by_name || w.by}</td>
              <Moment label={t("walls.made")} at={w.created} />
              <Moment label={t("keysys.used")} at={w.used} />
              <td className="rw-right">
                <Button
                  size="compact-sm"
                  variant="default"
                  c="var(--rw-bad)"
                  aria-label={`${t("walls.revoke")}: ${w.label || w.id}`}
                  onClick={() => end(w)}
                >
                  {t("walls.revoke")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Moment({ at, label }: { at: string | null; label: string }) {
  const { t, lang } = useT();
  const zone = useZone();
  if (!at)
    return (
      <td className="rw-dim" data-label={label}>
        {t("walls.never")}
      </td>
    );
  return (
    <td className="rw-num" data-label={label} title={fullDateTime(Date.parse(at), zone, lang)}>
      {dateTime(Date.parse(at), zone, lang)}
    </td>
  );
}

function Revoke({ wall, close }: { wall: WallRow; close(): void }) {
  const { t } = useT();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => del(`/board/tokens/${encodeURIComponent(wall.id)}`),
    onSuccess: close,
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ["walls"] }),
  });
  return (
    <>
      <p>{t("walls.revoke_hint", { name: wall.label || wall.id })}</p>
      <div className="rw-row rw-end">
        <Button variant="default" onClick={close}>
          {t("common.cancel")}
        </Button>
        <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("walls.revoke")}
        </Button>
      </div>
    </>
  );
}

function NewWall() {
  const { t } = useT();
  const queries = useQueryClient();
  const [label, setLabel] = useState("");
  const make = useMutation({
    mutationFn: () => post<{ url: string }>("/board/tokens", { label: label.trim() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["walls"] }),
    onError: toastProblem,
  });
  if (make.data)
    return (
      <>
        <p className="rw-dim">{t("walls.once")}</p>
        <Copyable text={new URL(make.data.url, location.origin).href} />
      </>
    );
  return (
    <form
      className="rw-stack"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        make.mutate();
      }}
    >
      <TextInput
        label={t("walls.where")}
        description={t("board.wall_hint")}
        data-autofocus
        maxLength={100}
        value={label}
        onChange={e => setLabel(e.currentTarget.value)}
      />
      <div className="rw-row rw-end">
        <Button type="submit" loading={make.isPending}>
          {t("walls.add")}
        </Button>
      </div>
    </form>
  );
}
