import { Button, Menu, Modal, Textarea } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { call, del, get, post } from "../api/client";
import type { CallRow, Customer, Note, Page } from "../api/types";
import { atLeast } from "../app/pages";
import { CallBack } from "../calls/CallBack";
import { CallTable } from "../calls/CallTable";
import { CustomerCard, NoteList } from "../desk/CustomerCard";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { session } from "../session/session";
import { Confirm } from "../ui/Confirm";
import { Icon } from "../ui/Icon";
import { Loaded, More, PageHead } from "../ui/Page";
import { toastProblem } from "../ui/toast";
import { CustomerForm } from "./CustomerForm";

export default function CustomerPage() {
  const { id = "" } = useParams();
  const { t } = useT();
  const path = `/customers/${encodeURIComponent(id)}`;
  const q = useQuery({ queryKey: ["customer", id], queryFn: ({ signal }) => call<Customer>("GET", path, { signal }) });
  const calls = useInfiniteQuery({
    queryKey: ["customer", id, "calls"],
    queryFn: ({ pageParam }) => get<Page<CallRow>>(`${path}/calls`, { cursor: pageParam, limit: 50 }),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
  });
  return (
    <div className="rw-page">
      <Link className="rw-back" href="/customers">
        <Icon name="left" size={16} /> {t("nav.customers")}
      </Link>
      <Loaded q={q}>{({ data, etag }) => <Known c={data} etag={etag} path={path} />}</Loaded>
      <h2 className="rw-h2">{t("nav.calls")}</h2>
      <Loaded q={calls}>{data => <CallTable calls={data.pages.flatMap(p => p.items ?? [])} hide={["customer"]} />}</Loaded>
      <More q={calls} />
    </div>
  );
}

function Known({ c, etag, path }: { c: Customer; etag: string; path: string }) {
  const { t } = useT();
  const [editing, setEditing] = useState(false);
  const [forgetting, setForgetting] = useState(false);
  const role = useStore(session, s => ("me" in s ? s.me.role : "agent"));
  return (
    <>
      <PageHead title={c.name || c.id} sub={c.name ? c.id : undefined}>
        <CallBack head customer={c.id} reach={c.reach} name={c.name || c.id} />
        <Button variant="default" leftSection={<Icon name="edit" size={16} />} onClick={() => setEditing(true)}>
          {t("common.edit")}
        </Button>
        {atLeast(role, "admin") && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" px="xs" aria-label={t("common.more_actions")}>
                <Icon name="more" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component="a" href={`/api/v1${path}/export`} download leftSection={<Icon name="download" size={16} />}>
                {t("customer.export")}
              </Menu.Item>
              <Menu.Item color="red" onClick={() => setForgetting(true)}>
                {t("customer.forget")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </PageHead>
      <div className="rw-two">
        <section className="rw-panel">
          <CustomerCard card={{ call: "", number: c.number, customer: { ...c, notes: [] } }} />
        </section>
        <Notes c={c} path={path} />
      </div>
      <Modal
        opened={editing}
        onClose={() => setEditing(false)}
        title={t("common.edit")}
        size="lg"
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <CustomerForm customer={c} etag={etag} done={() => setEditing(false)} cancel={() => setEditing(false)} />
      </Modal>
      <Forget opened={forgetting} close={() => setForgetting(false)} path={path} />
    </>
  );
}

function Notes({ c, path }: { c: Customer; path: string }) {
  const { t } = useT();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () => post(`${path}/notes`, { text: text.trim() }),
    onSuccess: () => {
      setText("");
      void queries.invalidateQueries({ queryKey: ["customer", c.id] });
    },
    onError: toastProblem,
  });
  const notes = useInfiniteQuery({
    queryKey: ["customer", c.id, "notes"],
    queryFn: ({ pageParam }) => get<Page<Note>>(`${path}/notes`, { cursor: pageParam, limit: 50 }),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
  });
  return (
    <section className="rw-panel" aria-label={t("card.notes")}>
      <div className="rw-panel-head">
        <h3>{t("card.notes")}</h3>
      </div>
      <form
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          if (text.trim()) add.mutate();
        }}
      >
        <Textarea
          aria-label={t("customer.new_note")}
          placeholder={t("customer.new_note")}
          autosize
          minRows={2}
          maxLength={4000}
          value={text}
          onChange={e => setText(e.currentTarget.value)}
        />
        <div className="rw-row rw-end">
          <Button type="submit" size="xs" disabled={!text.trim()} loading={add.isPending}>
            {t("customer.add_note")}
          </Button>
        </div>
      </form>
      <Loaded q={notes}>{data => <NoteList notes={data.pages.flatMap(p => p.items ?? [])} />}</Loaded>
      <More q={notes} />
    </section>
  );
}

function Forget({ opened, close, path }: { opened: boolean; close(): void; path: string }) {
  const { t } = useT();
  const [, go] = useLocation();
  const queries = useQueryClient();
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t("customer.forget")}
      act={() => del(path)}
      done={() => {
        void queries.invalidateQueries({ queryKey: ["customers"] });
        go("/customers");
      }}
    >
      <p>{t("customer.forget_hint")}</p>
    </Confirm>
  );
}
