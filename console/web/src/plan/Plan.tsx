import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link, useParams } from "wouter";
import { type Key, useT } from "../i18n";
import { useStore } from "../lib/store";
import { Loaded, PageHead, Waiting } from "../ui/Page";
import { askBeforeLeaving, draft, edited, loadFiles } from "./draft";
import "../reports/reports.css";
import "./plan.css";

const tabs: { path: string; label: Key; page: React.ComponentType }[] = [
  { path: "edit", label: "plan.edit", page: lazy(() => import("./Editor")) },
  { path: "graph", label: "plan.graph", page: lazy(() => import("./GraphPage")) },
  { path: "simulate", label: "plan.simulate", page: lazy(() => import("./Simulate")) },
  { path: "versions", label: "plan.versions", page: lazy(() => import("./Versions")) },
];

askBeforeLeaving();

/** Plan: the configuration's files, and what they mean. */
export default function Plan() {
  const { t } = useT();
  const { tab } = useParams();
  const here = tabs.find(x => x.path === tab) ?? tabs[0]!;
  const q = useQuery({ queryKey: ["config-files"], queryFn: loadFiles });
  const dirty = useStore(draft, d => Object.keys(edited(d)).length);
  const Page = here.page;
  return (
    <div className="rw-page rw-full">
      <PageHead
        title={t("plan.title")}
        sub={
          q.data && (
            <>
              {t("plan.in_force")} <span className="rw-mono">{q.data.in_force}</span>
              {dirty > 0 && <b className="rw-unsaved"> · {t("plan.unsaved", { count: dirty })}</b>}
            </>
          )
        }
      />
      <nav className="rw-kinds" aria-label={t("plan.title")}>
        {tabs.map(x => (
          <Link key={x.path} href={`/dialplan/${x.path}`} className="rw-kind" aria-current={x === here ? "page" : undefined}>
            {t(x.label)}
          </Link>
        ))}
      </nav>
      {q.data?.pending && <p className="rw-notice">{t("plan.pending")}</p>}
      <Loaded q={q}>
        {() => (
          <Suspense fallback={<Waiting />}>
            <Page />
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
