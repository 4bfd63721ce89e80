import type { Key, ReactNode } from "react";
import { useT } from "../i18n";
import "./table.css";

export interface Column<T> {
  head: string;
  cell(row: T): ReactNode;
  className?: string;
  right?: boolean; // of numbers
  title?(row: T): string | undefined;
}

interface Props<T> {
  rows: T[];
  id(row: T): Key;
  columns: Column<T>[]; // the first one says what the row is about
  actions?(row: T): ReactNode;
  foot?: ReactNode; // below the last row
  inner?: boolean; // inside a panel, which has the border
}

/** Table is a list of things with what can be done to each. On a narrow screen each row stands as a card, so that nothing of it
    is out of sight. */
export function Table<T>({ rows, id, columns, actions, foot, inner }: Props<T>) {
  const { t } = useT();
  const [first, ...rest] = columns;
  return (
    <div className={inner ? "rw-scroll" : "rw-tablebox"} tabIndex={0}>
      <table className="rw-table rw-cards">
        <thead>
          <tr>
            {columns.map(c => (
              <th key={c.head} className={c.right ? "rw-right" : undefined}>
                {c.head}
              </th>
            ))}
            {actions && (
              <th>
                <span className="rw-sr">{t("common.more_actions")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(r => (
            <tr key={id(r)}>
              {first && <Cell c={first} row={r} lead />}
              {rest.map(c => (
                <Cell key={c.head} c={c} row={r} />
              ))}
              {actions && <td className="rw-acts">{actions(r)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {foot}
    </div>
  );
}

function Cell<T>({ c, row, lead }: { c: Column<T>; row: T; lead?: boolean }) {
  const classes = [c.className, c.right && "rw-right rw-num"].filter(Boolean).join(" ");
  return (
    <td className={classes || undefined} data-label={lead ? undefined : c.head} title={c.title?.(row)}>
      {c.cell(row)}
    </td>
  );
}
