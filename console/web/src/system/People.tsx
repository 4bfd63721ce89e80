import { Button, CopyButton, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../api/client";
import { list } from "../api/list";
import type { StaffRow } from "../api/types";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { Loaded } from "../ui/Page";
import { toastProblem } from "../ui/toast";

export default function People() {
  const { t } = useT();
  const [link, setLink] = useState<{ link: string; name: string } | null>(null);
  const q = useQuery({ queryKey: ["staff"], queryFn: () => get<unknown>("/staff").then(list<StaffRow>) });
  const invite = useMutation({
    mutationFn: (p: StaffRow) =>
      post<{ link: string }>(`/staff/${encodeURIComponent(p.id)}/invite`).then(r => ({ link: r.link, name: p.name })),
    onSuccess: r => setLink({ ...r, link: new URL(r.link, location.origin).href }),
    onError: toastProblem,
  });
  return (
    <>
      <Loaded q={q}>
        {all => (
          <div className="rw-tablebox" tabIndex={0}>
            <table className="rw-table">
              <thead>
                <tr>
                  <th>{t("customer.name")}</th>
                  <th>{t("login.login")}</th>
                  <th>{t("system.role")}</th>
                  <th>{t("board.team")}</th>
                  <th>{t("login.password")}</th>
                  <th>
                    <span className="rw-sr">{t("common.more_actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map(p => (
                  <tr key={p.id}>
                    <td>
                      <b>{p.name || p.id}</b>
                    </td>
                    <td className="rw-mono">{p.login}</td>
                    <td>{t(`role.${p.role}`)}</td>
                    <td>{p.team}</td>
                    <td>{p.password ? t("system.has_password") : <span className="rw-dim">{t("system.no_password")}</span>}</td>
                    <td className="rw-right">
                      <Button
                        size="compact-sm"
                        variant="default"
                        loading={invite.isPending && invite.variables?.id === p.id}
                        onClick={() => invite.mutate(p)}
                      >
                        {t("system.invite")}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
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
