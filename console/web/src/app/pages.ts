import type { Me, Role } from "../api/types";
import type { Key } from "../i18n";
import type { IconName } from "../ui/Icon";

export interface PageEntry {
  path: string;
  label: Key;
  icon: IconName;
  least: Role;
  when?(me: Me): boolean;
}

// The navigation, in the order of a working day.
export const pages: PageEntry[] = [
  { path: "/desk", label: "nav.desk", icon: "headset", least: "agent", when: servesQueues },
  { path: "/board", label: "nav.board", icon: "board", least: "manager" },
  { path: "/today", label: "nav.today", icon: "today", least: "manager" },
  { path: "/reports", label: "nav.reports", icon: "chart", least: "manager" },
  { path: "/calls", label: "nav.calls", icon: "phone", least: "agent" },
  { path: "/customers", label: "nav.customers", icon: "users", least: "agent" },
  { path: "/dialplan", label: "nav.dialplan", icon: "plan", least: "admin" },
  { path: "/system", label: "nav.system", icon: "system", least: "manager" },
];

const ranks: Record<Role, number> = { agent: 0, manager: 1, admin: 2 };

export function atLeast(role: Role, least: Role): boolean {
  return ranks[role] >= ranks[least];
}

export function servesQueues(me: Me): boolean {
  return me.role === "agent" || (me.queues?.length ?? 0) > 0;
}

export function pagesOf(me: Me): PageEntry[] {
  return pages.filter(p => atLeast(me.role, p.least) && (p.when?.(me) ?? true));
}

/** home is where a person's day starts. */
export function home(me: Me): string {
  return me.role === "agent" ? "/desk" : "/board";
}
