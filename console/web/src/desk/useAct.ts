import { useCallback, useRef, useState } from "react";
import { toastProblem } from "../ui/toast";

/** useAct runs one action at a time and says in words what went wrong. */
export function useAct(): [(p: Promise<unknown>) => void, boolean] {
  const [busy, setBusy] = useState(false);
  const alive = useRef(0);
  const run = useCallback((p: Promise<unknown>) => {
    alive.current++;
    setBusy(true);
    p.catch(toastProblem).finally(() => {
      alive.current--;
      if (alive.current === 0) setBusy(false);
    });
  }, []);
  return [run, busy];
}
