import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { QueueName } from "../api/types";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { words } from "../ui/toast";
import { act } from "./actions";

export function TransferDialog({ opened, close, queues }: { opened: boolean; close(): void; queues: QueueName[] }) {
  const { t } = useT();
  const [to, setTo] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const typed = to.trim().toLowerCase();
  const found = queues.filter(q => !typed || q.name.toLowerCase().includes(typed) || q.number?.startsWith(typed));
  async function go(target: string, kind: "number" | "queue") {
    setBusy(true);
    setError("");
    try {
      await act.transfer(target, kind);
      setTo("");
      close();
    } catch (e) {
      setError(words(e));
    }
    setBusy(false);
  }
  function submit(e: FormEvent) {
    e.preventDefault();
    const target = to.trim();
    if (!target) return;
    const queue = queues.find(q => q.name.toLowerCase() === typed || q.number === target);
    void (queue ? go(queue.name, "queue") : go(target, "number"));
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("transfer.title")}
      size="sm"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t("transfer.to")}
          description={t("transfer.hint")}
          value={to}
          onChange={e => setTo(e.currentTarget.value)}
          error={error || undefined}
          leftSection={<Icon name="search" size={16} />}
          autoComplete="off"
          maxLength={64}
        />
        {found.length > 0 && (
          <>
            <h3 className="rw-h3">{t("transfer.queues")}</h3>
            <div className="rw-list">
              {found.map(q => (
                <button
                  type="button"
                  key={q.name}
                  className="rw-list-item"
                  disabled={busy}
                  onClick={() => void go(q.name, "queue")}
                >
                  <Icon name="queue" size={16} /> {q.name} {q.number && <span className="rw-dim">{q.number}</span>}{" "}
                  <Icon name="right" size={14} />
                </button>
              ))}
            </div>
          </>
        )}
        <div className="rw-row rw-end">
          <Button variant="default" onClick={close}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!to.trim()} leftSection={<Icon name="transfer" size={16} />}>
            {t("transfer.go")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
