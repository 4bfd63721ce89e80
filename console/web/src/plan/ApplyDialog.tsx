import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../api/client";
import { Problem } from "../api/problem";
import { useT } from "../i18n";
import { Loaded } from "../ui/Page";
import { toast, words } from "../ui/toast";
import { DiffView } from "./DiffView";
import { draft, rebase } from "./draft";
import { Findings } from "./Findings";
import type { Applied, ConfigDiff, ConfigFiles, Finding } from "./types";

interface Props {
  files: Record<string, string | null>;
  close(): void;
  refused(f: Finding[]): void;
}

/** ApplyDialog compares the draft with what runs, and brings it in force. */
export function ApplyDialog({ files, close, refused }: Props) {
  const { t } = useT();
  const queries = useQueryClient();
  const [comment, setComment] = useState("");
  const [both, setBoth] = useState<string[]>();
  const q = useQuery({
    queryKey: ["config-preview", files, draft.get().base?.version],
    queryFn: () => post<ConfigDiff>("/config/preview", { files }),
    gcTime: 0,
  });
  const apply = useMutation({
    mutationFn: () => post<Applied>("/config/apply", { files, base_version: draft.get().base?.version ?? "", comment }),
    onSuccess: async a => {
      rebase(await get<ConfigFiles>("/config/files"));
      draft.set(d => ({ ...d, edits: {} }));
      await queries.invalidateQueries({ predicate: x => /^(config|dialplan)-/.test(String(x.queryKey[0])) });
      toast(t("plan.applied", { number: a.number }));
      close();
    },
    onError: e => {
      const found = findingsOf(e);
      if (found.length === 0) return;
      close();
      refused(found);
      toast(words(e), "bad");
    },
  });
  const newer = useMutation({
    mutationFn: async () => setBoth(rebase(await get<ConfigFiles>("/config/files"))),
    onSuccess: () => {
      apply.reset();
      void q.refetch();
    },
  });
  const outdated = apply.error instanceof Problem && apply.error.status === 409;
  return (
    <Modal
      opened
      onClose={close}
      title={t("plan.compare_title")}
      size="min(1000px, 94vw)"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <div className="rw-stack">
        {both && both.length > 0 && (
          <p className="rw-notice" role="status">
            {t("plan.both", { files: both.join(", ") })}
          </p>
        )}
        <Loaded q={q}>
          {d => (
            <>
              <DiffView changes={d.changes ?? []} files={d.files ?? []} />
              <Findings all={d.findings ?? []} />
            </>
          )}
        </Loaded>
        {apply.error && (
          <div className="rw-notice" data-kind="bad" role="alert">
            <p>{outdated ? t("plan.outdated") : words(apply.error)}</p>
            {outdated && (
              <Button variant="default" loading={newer.isPending} onClick={() => newer.mutate()}>
                {t("plan.take_newer")}
              </Button>
            )}
          </div>
        )}
        <form
          className="rw-row rw-apply"
          onSubmit={e => {
            e.preventDefault();
            apply.mutate();
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
          <Button type="submit" loading={apply.isPending} disabled={q.data?.ok === false || outdated}>
            {t("plan.apply")}
          </Button>
        </form>
      </div>
    </Modal>
  );
}

/** findingsOf are those that a refusal carries. */
export function findingsOf(e: unknown): Finding[] {
  const found = e instanceof Problem ? e.body.findings : undefined;
  return Array.isArray(found) ? (found as Finding[]) : [];
}
