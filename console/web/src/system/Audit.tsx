import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { AuditRow, Page } from "../api/types";
import { useT } from "../i18n";
import { dateTime, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Loaded } from "../ui/Page";

export default function Audit() {
  const { t, lang } = useT();
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
        <div className="rw-tablebox" tabIndex={0}>
          <table className="rw-table">
            <thead>
              <tr>
                <th>{t("system.when")}</th>
                <th>{t("system.who")}</th>
                <th>{t("system.action")}</th>
                <th>{t("system.target")}</th>
                <th>{t("calls.result")}</th>
                <th>{t("system.address")}</th>
              </tr>
            </thead>
            <tbody>
              {data.pages
                .flatMap(p => p.items ?? [])
                .map((a, i) => (
                  <tr key={i}>
                    <td className="rw-nowrap rw-num" title={fullDateTime(Date.parse(a.at), zone, lang)}>
                      {dateTime(Date.parse(a.at), zone, lang)}
                    </td>
                    <td>{a.who}</td>
                    <td>{a.action}</td>
                    <td>
                      {a.target} <span className="rw-dim">{a.detail}</span>
                    </td>
                    <td className="rw-num">
                      <span className="rw-result" data-kind={(a.status ?? 200) >= 400 ? "failed" : "answered"}>
                        {a.status}
                      </span>
                    </td>
                    <td className="rw-mono rw-dim">{a.source}</td>
                  </tr>
                ))}
            </tbody>
          </table>
          {q.hasNextPage && (
            <Button variant="subtle" fullWidth loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>
              {t("common.load_more")}
            </Button>
          )}
        </div>
      )}
    </Loaded>
  );
}
