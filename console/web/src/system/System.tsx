import { lazy, Suspense } from "react";
import { Link, useParams } from "wouter";
import type { Role } from "../api/types";
import { atLeast } from "../app/pages";
import { type Key, useT } from "../i18n";
import { useStore } from "../lib/store";
import { session } from "../session/session";
import { PageHead, Waiting } from "../ui/Page";
import "../reports/reports.css";

const Status = lazy(() => import("./Status"));
const People = lazy(() => import("./People"));
const Live = lazy(() => import("./Live"));
const Audit = lazy(() => import("./Audit"));
const Webhooks = lazy(() => import("./Webhooks"));
const Mails = lazy(() => import("./Mails"));
const Captures = lazy(() => import("./Captures"));
const Keys = lazy(() => import("./Keys"));
const Walls = lazy(() => import("./Walls"));

const tabs: { path: string; label: Key; least: Role; page: React.ComponentType }[] = [
  { path: "status", label: "system.status", least: "manager", page: Status },
  { path: "live", label: "system.live", least: "manager", page: Live },
  { path: "people", label: "system.people", least: "manager", page: People },
  { path: "walls", label: "system.walls", least: "manager", page: Walls },
  { path: "webhooks", label: "system.webhooks", least: "admin", page: Webhooks },
  { path: "mails", label: "system.mails", least: "admin", page: Mails },
  { path: "keys", label: "system.keys", least: "admin", page: Keys },
  { path: "captures", label: "system.captures", least: "admin", page: Captures },
  { path: "audit", label: "system.audit", least: "admin", page: Audit },
];

export default function System() {
  const { t } = useT();
  const { tab } = useParams();
  const role = useStore(session, s => ("me" in s ? s.me.role : "agent"));
  const mine = tabs.filter(x => atLeast(role, x.least));
  const here = mine.find(x => x.path === tab) ?? mine[0]!;
  const Page = here.page;
  return (
    <div className="rw-page">
      <PageHead title={t("nav.system")} />
      <nav className="rw-kinds" aria-label={t("nav.system")}>
        {mine.map(x => (
          <Link key={x.path} href={`/system/${x.path}`} className="rw-kind" aria-current={x === here ? "page" : undefined}>
            {t(x.label)}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Waiting />}>
        <Page />
      </Suspense>
    </div>
  );
}
