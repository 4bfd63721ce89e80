import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem } from "../api/problem";
import { useT } from "../i18n";
import { Icon, type IconName } from "./Icon";
import { words } from "./toast";

export function PageHead({ title, sub, children }: { title: ReactNode; sub?: ReactNode; children?: ReactNode }) {
  return (
    <header className="rw-pagehead">
      <div>
        <h1>{title}</h1>
        {sub && <p className="rw-dim">{sub}</p>}
      </div>
      <div className="rw-grow" />
      {children}
    </header>
  );
}

export function Empty({ icon = "info", title, hint }: { icon?: IconName; title: string; hint?: string }) {
  return (
    <div className="rw-empty">
      <Icon name={icon} size={30} />
      <h2>{title}</h2>
      {hint && <p className="rw-dim">{hint}</p>}
    </div>
  );
}

/** Waiting stands where something is on its way. */
export function Waiting() {
  const { t } = useT();
  return (
    <div className="rw-empty" role="status" aria-label={t("common.loading")}>
      <Loader />
    </div>
  );
}

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** More adds the next page to a list, where there is one. */
export function More({ q }: { q: Paged }) {
  const { t } = useT();
  if (!q.hasNextPage) return null;
  return (
    <Button variant="subtle" fullWidth loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>
      {t("common.load_more")}
    </Button>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch(): unknown;
}

/** Loaded shows what a query gave, that it is still coming, or why not; old data stays on the page while new is fetched. */
export function Loaded<T>({ q, children }: { q: Asked<T>; children(data: T): ReactNode }) {
  const { t } = useT();
  if (q.data !== undefined) return children(q.data);
  if (q.isPending) return <Waiting />;
  const gone = q.error instanceof Problem && q.error.status === 404;
  return (
    <div className="rw-empty" role="alert">
      <Icon name="warn" size={30} />
      <h2>{gone ? t("error.not_found") : words(q.error)}</h2>
      {!gone && (
        <Button variant="default" onClick={() => q.refetch()}>
          {t("common.again")}
        </Button>
      )}
    </div>
  );
}
