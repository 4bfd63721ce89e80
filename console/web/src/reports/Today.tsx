import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Report } from "../api/types";
import { useT } from "../i18n";
import { clock } from "../lib/clock";
import { day, isoDay } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Loaded, PageHead } from "../ui/Page";
import { ReportView } from "./ReportView";

/** Today: the day so far, by itself; the same figures as in the reports. */
export default function Today() {
  const { t, lang } = useT();
  const zone = useZone();
  const today = isoDay(clock.now(), zone);
  const ask = { from: today, to: today, zone, lang };
  const options = { refetchInterval: 30_000 };
  const daily = useQuery({
    queryKey: ["report", "daily", ask],
    queryFn: ({ signal }) => get<Report>("/reports/daily", ask, signal),
    ...options,
  });
  const hours = useQuery({
    queryKey: ["report", "intervals", { ...ask, step: "60" }],
    queryFn: ({ signal }) => get<Report>("/reports/intervals", { ...ask, step: "60" }, signal),
    ...options,
  });
  return (
    <div className="rw-page rw-full">
      <PageHead title={t("nav.today")} sub={day(clock.now(), zone, lang)}>
        <Button component={Link} href="/reports/agents" variant="default" leftSection={<Icon name="users" size={16} />}>
          {t("report.kind.agents")}
        </Button>
        <Button component={Link} href="/reports/abandoned" variant="default" leftSection={<Icon name="phone" size={16} />}>
          {t("report.kind.abandoned")}
        </Button>
      </PageHead>
      <Loaded q={daily}>{r => <ReportView r={r} />}</Loaded>
      {hours.data && (
        <>
          <h2 className="rw-h2">{hours.data.title}</h2>
          <ReportView r={hours.data} part />
        </>
      )}
    </div>
  );
}
