import { Button, CopyButton, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client";
import { all } from "../api/list";
import type { StaffRow } from "../api/types";
import { atLeast } from "../app/pages";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { session } from "../session/session";
import { ConfirmButton } from "../ui/Confirm";
import { Icon } from "../ui/Icon";
import { Loaded } from "../ui/Page";
import { Table } from "../ui/Table";
import { toast, toastProblem } from "../ui/toast";

export default function People() {
  const { t } = useT();
  const admin = useStore(session, s => "me" in s && atLeast(s.me.role, "admin"));
  const me = useStore(session, s => ("me" in s ? s.me.id : ""));
  const directs = (p: StaffRow) => admin || p.role === "agent"; // managers do not change how those of their rank log in
  const [link, setLink] = useState<{ link: string; name: string } | null>(null);
  const q = useQuery({ queryKey: ["staff"], queryFn: () => all<StaffRow>("/staff") });
  const invite = useMutation({
    mutationFn: (p: StaffRow) =>
      post<{ link: string }>(`/staff/${encodeURIComponent(p.id)}/invite`).then(r => ({ link: r.link, name: p.name })),
    onSuccess: r => setLink({ ...r, link: new URL(r.link, location.origin).href }),
    onError: toastProblem,
  });
  return (
    <>
      <Loaded q={q}>
        {people => (
          <Table
            rows={people}
            id={p => p.id}
            columns={[
              { head: t("customer.name"), cell: p => <b>{p.name || p.id}</b> },
              { head: t("login.login"), cell: p => p.login, className: "rw-mono" },
              { head: t("system.role"), cell: p => t(`role.${p.role}`) },
              { head: t("board.team"), cell: p => p.team_name || p.team },
              {
                head: t("login.password"),
                cell: p => (p.password ? t("system.has_password") : <span className="rw-dim">{t("system.no_password")}</span>),
              },
            ]}
            actions={p => (
              <>
                {directs(p) && p.id !== me && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={invite.isPending && invite.variables?.id === p.id}
                    aria-label={`${t("system.invite")}: ${p.name || p.id}`}
                    onClick={() => invite.mutate(p)}
                  >
                    {t("system.invite")}
                  </Button>
                )}
                {(directs(p) || p.id === me) && <LogOut p={p} />}
                {admin && p.id !== me && <DropFactor p={p} />}
              </>
            )}
          />
        )}
      </Loaded>
      <Modal
        opened={link !== null}
        onClose={() => setLink(null)}
        title={t("system.invite")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <p className="rw-dim">{t("system.invite_hint", { name: link?.name ?? "" })}</p>
        <Copyable text={link?.link ?? ""} />
      </Modal>
    </>
  );
}

/** LogOut ends every log-in of a person, as one does when a laptop is lost or somebody leaves. */
function LogOut({ p }: { p: StaffRow }) {
  const { t } = useT();
  const name = p.name || p.id;
  return (
    <ConfirmButton
      c={undefined}
      label={t("system.log_out")}
      of={name}
      title={t("system.log_out")}
      act={() => post(`/staff/${encodeURIComponent(p.id)}/logout`)}
      done={() => toast(t("system.logged_out", { name }))}
    >
      <p>{t("system.log_out_hint", { name })}</p>
      <p className="rw-dim">{t("system.roster_hint")}</p>
    </ConfirmButton>
  );
}

/** DropFactor lets a person in who lost the device with her second factor. */
function DropFactor({ p }: { p: StaffRow }) {
  const { t } = useT();
  const name = p.name || p.id;
  return (
    <ConfirmButton
      c={undefined}
      label={t("system.drop_totp")}
      of={name}
      title={t("system.drop_totp")}
      act={() => post(`/staff/${encodeURIComponent(p.id)}/totp/reset`)}
      done={() => toast(t("system.totp_dropped", { name }))}
    >
      <p>{t("system.drop_totp_hint", { name })}</p>
    </ConfirmButton>
  );
}

export function Copyable({ text }: { text: string }) {
  const { t } = useT();
  return (
    <div className="rw-row rw-copy">
      <TextInput
        readOnly
        value={text}
        onFocus={e => e.currentTarget.select()}
        aria-label={t("system.link")}
        className="rw-grow"
      />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} leftSection={copied ? <Icon name="check" size={16} /> : null}>
            {copied ? t("system.copied") : t("system.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
