import { Badge } from "@mantine/core";
import { useEffect, useState } from "react";
import type { DispositionChoice, Dispositions } from "../api/types";
import { useT } from "../i18n";
import { act } from "./actions";
import { useAct } from "./useAct";

/** DispositionPicker: two levels, one click each; the choice is saved as it is made. */
export function DispositionPicker({
  call,
  all,
  chosen,
}: {
  call: string;
  all: Dispositions;
  chosen: DispositionChoice | null | undefined;
}) {
  const { t } = useT();
  const [run] = useAct();
  const [open, setOpen] = useState(chosen?.code ?? "");
  const code = chosen?.code;
  useEffect(() => {
    if (code) setOpen(code);
  }, [code]);
  const items = all.items ?? [];
  if (items.length === 0) return null;
  const second = items.find(i => i.code === open)?.items ?? [];
  const choose = (d: DispositionChoice) => run(act.disposition(call, d));
  return (
    <section className="rw-panel" aria-label={t("disposition.title")}>
      <div className="rw-panel-head">
        <h3>{t("disposition.title")}</h3>
        {all.required && !chosen && (
          <Badge variant="light" color="red" tt="none">
            {t("disposition.required")}
          </Badge>
        )}
      </div>
      <div className="rw-chips" role="radiogroup" aria-label={t("disposition.title")}>
        {items.map((i, n) => (
          // biome-ignore lint/a11y/useSemanticElements: chips that can be pressed again; a radio cannot open a second level
          <button
            type="button"
            role="radio"
            aria-checked={open === i.code}
            key={i.code}
            className="rw-chip"
            data-chosen={chosen?.code === i.code || undefined}
            data-open={open === i.code || undefined}
            onClick={() => {
              setOpen(i.code);
              if (!i.items?.length) choose({ code: i.code });
              else if (chosen?.code !== i.code) choose({ code: i.code });
            }}
          >
            <kbd>{n + 1 <= 9 ? n + 1 : ""}</kbd>
            {i.label}
          </button>
        ))}
      </div>
      {second.length > 0 && (
        <div className="rw-chips rw-chips-sub" role="radiogroup" aria-label={t("disposition.detail")}>
          {second.map(i => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            <button
              type="button"
              role="radio"
              aria-checked={chosen?.code === open && chosen?.sub === i.code}
              key={i.code}
              className="rw-chip"
              data-chosen={(chosen?.code === open && chosen?.sub === i.code) || undefined}
              onClick={() => choose({ code: open, sub: i.code })}
            >
              {i.label}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
