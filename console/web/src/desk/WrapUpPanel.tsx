import { Button } from "@mantine/core";
import type { WrapUp } from "../api/types";
import { useT } from "../i18n";
import { left } from "../lib/clock";
import { duration } from "../lib/format";
import { useNow } from "../lib/ticker";
import { Icon } from "../ui/Icon";
import { act } from "./actions";
import { CustomerCard } from "./CustomerCard";
import { Timer } from "./StateBar";
import { useAct } from "./useAct";

const minute = 60;

export function WrapUpPanel({ w }: { w: WrapUp }) {
  const { t } = useT();
  const [run, busy] = useAct();
  const missing = !!w.dispositions?.required && !w.disposition;
  return (
    <section className="rw-work" data-tone="wrap" aria-label={t("desk.wrap_up")}>
      {w.until && <WrapBar w={w} until={w.until} />}
      <div className="rw-work-head">
        <div className="rw-work-title">
          <span className="rw-eyebrow">
            <Icon name="note" size={14} /> {t("desk.wrap_up")} · {w.queue}
          </span>
          <h2 className="rw-name">{w.card?.customer?.name || w.card?.number || t("desk.unknown_caller")}</h2>
          {missing && <p className="rw-missing">{t("desk.choose_first")}</p>}
        </div>
        <div className="rw-calltimer">
          <span className="rw-big">{w.until ? <Countdown until={w.until} /> : <Timer from={w.since} />}</span>
          <span className="rw-dim rw-small">{w.until ? t("desk.left") : ""}</span>
        </div>
      </div>
      <div className="rw-actions">
        <Button
          size="md"
          disabled={missing}
          loading={busy}
          leftSection={<Icon name="check" />}
          onClick={() => run(act.endWrapUp())}
        >
          {t("desk.done")}
        </Button>
        {w.until && (
          <Button
            variant="default"
            size="md"
            leftSection={<Icon name="plus" size={16} />}
            onClick={() => run(act.extendWrapUp(minute))}
          >
            {t("desk.extend")}
          </Button>
        )}
      </div>
      {w.card && <CustomerCard card={w.card} />}
    </section>
  );
}

function Countdown({ until }: { until: string }) {
  const now = useNow();
  return <span className="rw-num">{duration(Math.max(0, Math.ceil((Date.parse(until) - now) / 1000)))}</span>;
}

function WrapBar({ w, until }: { w: WrapUp; until: string }) {
  const now = useNow(250);
  const share = left(w.since, until, now);
  return (
    <div className="rw-offerbar" aria-hidden="true">
      <div style={{ transform: `scaleX(${share})` }} data-short={share < 0.2 || undefined} />
    </div>
  );
}
