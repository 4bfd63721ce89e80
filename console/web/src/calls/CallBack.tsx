import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { post } from "../api/client";
import { all } from "../api/list";
import type { AgentRow } from "../api/types";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { session } from "../session/session";
import { Icon } from "../ui/Icon";
import { toast, toastProblem } from "../ui/toast";

/** Whose phone can't ring: there is something on it, or nothing at the other end. */
const taken = new Set(["reserved", "ringing", "talk", "hold", "consult", "outbound", "unreachable"]);

interface Whom {
  call?: string; // the customer's call that is answered
  customer?: string;
  reach?: string; // how she can be called now
  name: string;
  head?: boolean; // it stands at the head of a page, and not in a table
}

/**
 * CallBack calls a customer: an agent's phone rings, and when it was picked up, the customer's. It is there only where it
 * works: the customer can be reached now, and so can somebody who may be asked to speak with her.
 */
export function CallBack({ call, customer, reach, name, head }: Whom) {
  const { t, or } = useT();
  const queries = useQueryClient();
  const me = useStore(session, s => ("me" in s ? s.me.id : ""));
  const callable = reach === "app" || reach === "number";
  const agents = useQuery({
    queryKey: ["agents"],
    queryFn: ({ signal }) => all<AgentRow>("/agents", {}, signal),
    enabled: callable,
    refetchInterval: 10_000,
  });
  const place = useMutation({
    mutationFn: (agent: string) => post<{ by: string }>("/callbacks", { call, customer, agent }),
    onSuccess: (_, agent) => {
      toast(t("callback.rings", { name: agents.data?.find(a => a.id === agent)?.name ?? agent }));
      void queries.invalidateQueries({ queryKey: ["agents"] });
      setTimeout(() => void queries.invalidateQueries({ queryKey: ["report"] }), 600); // it is on record within 200 ms
    },
    onError: toastProblem,
  });
  const free = (agents.data ?? []).filter(a => a.reachable && !taken.has(a.state));
  if (!callable || free.length === 0) return null;
  const look = {
    className: "rw-callback",
    size: head ? "sm" : "compact-sm",
    variant: "default",
    leftSection: <Icon name="phone" size={head ? 16 : 14} />,
    loading: place.isPending,
    "aria-label": t("callback.call_name", { name }),
  } as const;
  if (free.length === 1 && free[0]?.id === me)
    return (
      <Button {...look} onClick={() => place.mutate(me)}>
        {t("callback.call")}
      </Button>
    );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button {...look}>{t("callback.call")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("callback.whose")}</Menu.Label>
        {free
          .toSorted((a, b) => Number(b.id === me) - Number(a.id === me))
          .map(a => (
            <Menu.Item
              key={a.id}
              onClick={() => place.mutate(a.id)}
              rightSection={<span className="rw-dim rw-small">{or("state", a.state)}</span>}
            >
              {a.name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
