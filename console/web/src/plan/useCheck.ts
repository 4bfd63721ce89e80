import { useEffect, useRef, useState } from "react";
import { post } from "../api/client";
import { words } from "../ui/toast";
import type { Checked, Finding } from "./types";

interface State {
  findings: Finding[];
  checking: boolean;
  failed: string;
}

/** useCheck asks the switch about a draft when the typing pauses; only the latest question's answer counts. */
export function useCheck(files: Record<string, string | null>): State {
  const [s, setS] = useState<State>({ findings: [], checking: true, failed: "" });
  const key = JSON.stringify(files);
  const latest = useRef(files);
  latest.current = files;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a draft is asked about when its texts change, not its object
  useEffect(() => {
    const stop = new AbortController();
    setS(o => ({ ...o, checking: true }));
    const timer = setTimeout(async () => {
      try {
        const c = await post<Checked>("/config/check", { files: latest.current }, { signal: stop.signal });
        if (!stop.signal.aborted) setS({ findings: c.findings ?? [], checking: false, failed: "" });
      } catch (e) {
        if (!stop.signal.aborted) setS(o => ({ ...o, checking: false, failed: words(e) }));
      }
    }, 220);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
  return s;
}
