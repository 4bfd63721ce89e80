// What the agent can do; the answer comes back as the next DeskState.
import { post, put } from "../api/client";
import type { DispositionChoice } from "../api/types";

const id = encodeURIComponent;

export const act = {
  shown: (offer: string) => post("/desk/shown", { offer }),
  accept: (offer: string) => post("/desk/accept", { offer }),
  decline: (offer: string, reason?: string) => post("/desk/decline", { offer, reason }),
  ready: () => post("/desk/ready"),
  notReady: (reason: string) => post("/desk/not-ready", { reason }),
  next: (state?: "available" | "not_ready" | "offline", reason?: string) => post("/desk/next", state ? { state, reason } : {}),
  join: (queue?: string) => post("/desk/join", { queue }),
  leave: (queue?: string) => post("/desk/leave", { queue }),
  hold: (on: boolean) => post("/desk/hold", { on }),
  hangUp: () => post("/desk/hangup"),
  transfer: (to: string, kind: "number" | "queue") => post("/desk/transfer", { to, kind }),
  endWrapUp: () => post("/desk/wrap-up/end"),
  extendWrapUp: (seconds: number) => post("/desk/wrap-up/extend", { seconds }),
  disposition: (call: string, d: DispositionChoice) => put(`/desk/calls/${id(call)}/disposition`, d),
};
