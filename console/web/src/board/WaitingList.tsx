import { Button, NumberInput, Popover } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { post } from "../api/client";
import { all } from "../api/list";
import type { Waiting } from "../api/types";
import { useT } from "../i18n";
import { since } from "../lib/clock";
import { duration, languageName, regionName } from "../lib/format";
import { useNow } from "../lib/ticker";
import { ConfirmButton } from "../ui/Confirm";
import { Empty, Loaded } from "../ui/Page";
import { toastProblem } from "../ui/toast";

/** WaitingList: who waits in a queue, and what a manager can do for them. */
export function WaitingList({ queue }: { queue: string }) {
  const { t, lang } = useT();
  const now = useNow();
  const key = ["waiting", queue];
  const q = useQuery({
    queryKey: key,
    queryFn: async () => (await all<Waiting>(`/queues/${encodeURIComponent(queue)}/waiting`)).sort((a, b) => a.place - b.place),
    refetchInterval: 2000,
  });
  return (
    <Loaded q={q}>
      {callers =>
        callers.length === 0 ? (
          <Empty icon="check" title={t("board.nobody")} />
        ) : (
          <div className="rw-tablebox" tabIndex={0}>
            <table className="rw-table">
              <thead>
                <tr>
                  <th>{t("calls.caller")}</th>
                  <th>{t("card.language")}</th>
                  <th>{t("card.region")}</th>
                  <th className="rw-right">{t("card.waited")}</th>
                  <th className="rw-right">{t("card.priority")}</th>
                  <th>
                    <span className="rw-sr">{t("common.more_actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {callers.map(w => (
                  <tr key={w.id}>
                    <td>
                      <Link className="rw-link" href={`/calls/${encodeURIComponent(w.call)}`}>
                        {nameOf(w)}
                      </Link>
                    </td>
                    <td>{languageName(w.language, lang)}</td>
                    <td>{regionName(w.region, lang)}</td>
                    <td className="rw-right rw-num">{duration(since(w.entered, now) / 1000)}</td>
                    <td className="rw-right rw-num">{w.priority_seconds ? `+${duration(w.priority_seconds)}` : ""}</td>
                    <td className="rw-right">
                      <Actions w={w} queryKey={key} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  );
}

const nameOf = (w: Waiting) => w.name || w.number || w.customer || w.call;

function Actions({ w, queryKey }: { w: Waiting; queryKey: string[] }) {
  const { t } = useT();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [seconds, setSeconds] = useState<number | string>(w.priority_seconds || 60);
  const act = useMutation({
    mutationFn: (p: Promise<unknown>) => p,
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const path = `/visits/${encodeURIComponent(w.id)}`;
  const name = nameOf(w);
  return (
    <div className="rw-row rw-nowrap">
      <Popover position="bottom-end" withArrow trapFocus opened={opened} onChange={setOpened}>
        <Popover.Target>
          <Button size="compact-sm" variant="default" onClick={() => setOpened(o => !o)}>
            {t("board.prefer")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <NumberInput label={t("card.priority")} suffix=" s" min={0} max={86400} value={seconds} onChange={setSeconds} />
          <Button
            mt="sm"
            size="xs"
            fullWidth
            onClick={() => {
              setOpened(false);
              act.mutate(post(`${path}/priority`, { seconds: Number(seconds) || 0 }));
            }}
          >
            {t("common.save")}
          </Button>
        </Popover.Dropdown>
      </Popover>
      <ConfirmButton
        label={t("board.withdraw")}
        of={name}
        title={t("board.withdraw_title")}
        yes={t("board.withdraw")}
        act={() => post(`${path}/withdraw`)}
        done={() => void queries.invalidateQueries({ queryKey })}
      >
        <p>{t("board.withdraw_hint", { name })}</p>
      </ConfirmButton>
    </div>
  );
}
