import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useLocation } from "wouter";
import { get, post } from "../api/client";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { Empty, Loaded } from "../ui/Page";
import { draft, edited } from "./draft";
import { editLink } from "./position";
import type { Graph } from "./types";

const GraphView = lazy(() => import("./GraphView"));

/** GraphPage draws the plan that runs, or the draft where there is one. */
export default function GraphPage() {
  const { t } = useT();
  const [, go] = useLocation();
  const files = edited(useStore(draft));
  const drafted = Object.keys(files).length > 0;
  const q = useQuery({
    queryKey: ["dialplan-graph", files],
    queryFn: () => (drafted ? post<Graph>("/dialplan/graph", { files }) : get<Graph>("/dialplan/graph")),
  });
  return (
    <>
      <p className="rw-dim rw-small">
        {t(drafted ? "plan.graph_draft" : "plan.graph_running")} {t("plan.graph_hint")}
      </p>
      <Loaded q={q}>
        {g =>
          (g.contexts?.length ?? 0) === 0 ? (
            <Empty title={t("plan.no_contexts")} />
          ) : (
            <Suspense fallback={null}>
              <GraphView g={g} go={p => go(editLink(p))} />
            </Suspense>
          )
        }
      </Loaded>
    </>
  );
}
