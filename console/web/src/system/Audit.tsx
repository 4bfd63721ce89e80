import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { AuditRow, Page } from "../api/types";
import { useT } from "../i18n";
import { told } from "../i18n/problems";
import { dateTime, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Loaded, More } from "../ui/Page";
import { Table } from "../ui/Table";

// What was done, in the reader's language: a reason is a word that the desk knows.
function detail(a: AuditRow, or: ReturnType<typeof useT>["or"]): string {
  if (!a.told?.length) return a.detail?.startsWith("oidc_") ? or("login.problem", a.detail) : (a.detail ?? "");
  return a.told
    .map(x => told(x.text, x.code, x.params?.reason ? { ...x.params, reason: or("reason", x.params.reason) } : x.params))
    .join(" · ");
}

export default function Audit() {
  const { t, or, lang } = useT();
  const zone = useZone();
  const q = useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) => get<Page<AuditRow>>("/audit", { cursor: pageParam, limit: 100 }),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
  });
  return (
    <Loaded q={q}>
      {data => (
        <Table
          rows={data.pages.flatMap(p => p.items ?? [])}
          id={a => `${a.at} ${a.who} ${a.action} ${a.target}`}
          columns={[
            {
              head: t("system.when"),
              cell: a => dateTime(Date.parse(a.at), zone, lang),
              title: a => fullDateTime(Date.parse(a.at), zone, lang),
              className: "rw-nowrap rw-num",
            },
            { head: t("system.who"), cell: a => a.who },
            { head: t("system.action"), cell: a => or("action", a.action), title: a => a.action },
            {
              head: t("system.target"),
              cell: a => (
                <>
                  {a.target} <span className="rw-dim">{detail(a, or)}</span>
                </>
              ),
            },
            {
              head: t("calls.result"),
              cell: a => (
                <span className="rw-result rw-num" data-kind={(a.status ?? 200) >= 400 ? "failed" : "answered"}>
                  {a.status}
                </span>
              ),
            },
            { head: t("system.address"), cell: a => a.source, className: "rw-mono rw-dim" },
          ]}
          foot={<More q={q} />}
        />
      )}
    </Loaded>
  );
}
