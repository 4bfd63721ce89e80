import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { del, post } from "../api/client";
import { all } from "../api/list";
import type { WallRow } from "../api/types";
import { useT } from "../i18n";
import { dateTime, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { ConfirmButton } from "../ui/Confirm";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { Table } from "../ui/Table";
import { toastProblem } from "../ui/toast";
import { Copyable } from "./People";

/** Walls lists the addresses of screens on the wall, and takes them back. The addresses themselves are shown once, when made. */
export default function Walls() {
  const { t } = useT();
  const zone = useZone();
  const [adding, setAdding] = useState(false);
  const q = useQuery({
    queryKey: ["walls"],
    queryFn: () => all<WallRow>("/board/tokens"),
    refetchInterval: 60_000,
  });
  return (
    <>
      <div className="rw-row rw-keysbar">
        <p className="rw-dim">
          {t("walls.hint")} <span className="rw-nowrap">{t("walls.zone", { zone })}</span>
        </p>
        <span className="rw-grow" />
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>
          {t("walls.add")}
        </Button>
      </div>
      <Loaded q={q}>
        {rows => (rows.length === 0 ? <Empty icon="board" title={t("walls.none")} /> : <Screens rows={rows} />)}
      </Loaded>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("walls.add")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <NewWall />
      </Modal>
    </>
  );
}

function Screens({ rows }: { rows: WallRow[] }) {
  const { t, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const moment = (at: string | null) =>
    at ? dateTime(Date.parse(at), zone, lang) : <span className="rw-dim">{t("walls.never")}</span>;
  const whole = (at: string | null) => (at ? fullDateTime(Date.parse(at), zone, lang) : undefined);
  return (
    <Table
      rows={rows.toReversed()}
      id={w => w.id}
      columns={[
        {
          head: t("walls.where"),
          cell: w => (
            <>
              {w.label && <b>{w.label} </b>}
              <span className="rw-dim rw-mono">{w.id}</span>
            </>
          ),
        },
        { head: t("walls.by"), cell: w => w.by_name || w.by },
        { head: t("walls.made"), cell: w => moment(w.created), title: w => whole(w.created), className: "rw-num" },
        { head: t("keysys.used"), cell: w => moment(w.used), title: w => whole(w.used), className: "rw-num" },
      ]}
      actions={w => (
        <ConfirmButton
          label={t("walls.revoke")}
          of={w.label || w.id}
          title={t("walls.revoke")}
          act={() => del(`/board/tokens/${encodeURIComponent(w.id)}`)}
          done={() => void queries.invalidateQueries({ queryKey: ["walls"] })}
        >
          <p>{t("walls.revoke_hint", { name: w.label || w.id })}</p>
        </ConfirmButton>
      )}
    />
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
