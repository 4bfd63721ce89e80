import { lazy, Suspense } from "react";
import { useLocation } from "wouter";
import { useT } from "../i18n";
import { Empty, Loaded, Waiting } from "../ui/Page";
import { editLink } from "./position";
import { useGraph } from "./useGraph";

const GraphView = lazy(() => import("./GraphView"));

/** GraphPage draws the plan that runs, or the draft where there is one. */
export default function GraphPage() {
  const { t } = useT();
  const [, go] = useLocation();
  const { q, drafted } = useGraph();
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
            <Suspense fallback={<Waiting />}>
              <GraphView g={g} go={p => go(editLink(p))} />
            </Suspense>
          )
        }
      </Loaded>
    </>
  );
}
