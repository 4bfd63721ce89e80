import { Popover } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { Column, FigurePart, ReportRow } from "../api/types";
import { useT } from "../i18n";
import { cell } from "./cells";

export interface Behind {
  cells: ReportRow["cells"];
  lead(cell: string, part: { unit: Column["unit"]; timed?: boolean }): string | undefined;
  zone: string;
}

/** Made shows what a rate or a mean was computed of, by name and value, each with the list behind it. */
export function Made({ c, text, behind }: { c: Column; text: string; behind: Behind }) {
  const { t } = useT();
  const [opened, setOpened] = useState(false);
  return (
    <Popover withArrow trapFocus returnFocus opened={opened} onChange={setOpened} position="bottom">
      <Popover.Target>
        <button type="button" className="rw-link rw-made" onClick={() => setOpened(o => !o)}>
          {text}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <section className="rw-made-of" aria-label={t("report.made_of", { figure: c.label })}>
          <b>
            {c.label} <span className="rw-mono rw-dim">{c.id}</span>
          </b>
          <p className="rw-dim rw-small">{c.formula}</p>
          <Sum parts={c.over ?? []} behind={behind} />
          <p className="rw-small rw-over">{t("report.divided_by")}</p>
          <Sum parts={c.under ?? []} behind={behind} />
        </section>
      </Popover.Dropdown>
    </Popover>
  );
}

function Sum({ parts, behind }: { parts: FigurePart[]; behind: Behind }) {
  const { lang } = useT();
  return (
    <ul>
      {parts.map((p, i) => {
        const v = behind.cells[p.cell];
        const text = cell(v, p.unit, behind.zone, lang);
        const to = v ? behind.lead(p.cell, p) : undefined;
        return (
          <li key={p.cell} title={p.formula}>
            <span>
              {p.minus ? "− " : i > 0 ? "+ " : ""}
              {p.label}
            </span>
            {to ? (
              <Link className="rw-link rw-num" href={to}>
                {text}
              </Link>
            ) : (
              <span className="rw-num">{text}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
