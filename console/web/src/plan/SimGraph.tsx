import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useLocation } from "wouter";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { Loaded, Waiting } from "../ui/Page";
import { editLink } from "./position";
import { trail } from "./trail";
import type { SimStep } from "./types";
import { useGraph } from "./useGraph";

const GraphView = lazy(() => import("./GraphView"));

/** SimGraph shows on demand where in the drawn plan the call went. */
export function SimGraph({ steps }: { steps: SimStep[] }) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  return (
    <div className="rw-sim-graph">
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon name="plan" size={15} />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t(open ? "sim.graph_hide" : "sim.graph_show")}
      </Button>
      {open && <Drawn steps={steps} />}
    </div>
  );
}

function Drawn({ steps }: { steps: SimStep[] }) {
  const [, go] = useLocation();
  const { q } = useGraph();
  return (
    <Loaded q={q}>
      {g => (
        <Suspense fallback={<Waiting />}>
          <GraphView g={g} go={p => go(editLink(p))} trail={trail(g, steps)} />
        </Suspense>
      )}
    </Loaded>
  );
}
