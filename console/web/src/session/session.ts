import { call, get, post, setCSRF, whenExpired } from "../api/client";
import { Problem } from "../api/problem";
import type { Me } from "../api/types";
import { say } from "../i18n";
import { Store } from "../lib/store";
import { toast } from "../ui/toast";

// Owned by this module: who is logged in. `expired` keeps the person and the page, so that a half-written note survives the
// new log-in.
export type Session =
  | { state: "starting" }
  | { state: "offline" }
  | { state: "out" }
  | { state: "in"; me: Me }
  | { state: "expired"; me: Me };

export const session = new Store<Session>({ state: "starting" });

whenExpired(() => {
  session.set(s => (s.state === "in" ? { state: "expired", me: s.me } : s));
});

export async function resume(): Promise<void> {
  try {
    const { data } = await call<Me>("GET", "/me", { quiet: true });
    enter(data);
  } catch (e) {
    session.set(e instanceof Problem && e.status === 401 ? { state: "out" } : { state: "offline" });
  }
}

function enter(me: Me) {
  setCSRF(me.csrf);
  session.set({ state: "in", me });
}

export interface Credentials {
  login: string;
  password: string;
  totp?: string;
}

export async function logIn(c: Credentials): Promise<void> {
  const before = session.get();
  const { data: me } = await call<Me>("POST", "/login", { body: c, quiet: true });
  // Another person took the seat: nothing of the one before may stay on the page.
  if (before.state === "expired" && before.me.id !== me.id) {
    location.assign("/");
    return;
  }
  enter(me);
}

const keepers = new Set<() => Promise<boolean>>();
let warned = false;

/** beforeLogOut registers who saves what is unsaved, and tells whether that worked. */
export function beforeLogOut(keep: () => Promise<boolean>) {
  keepers.add(keep);
}

/** logOut ends the log-in and leaves nothing behind. Where something can't be saved it warns once, and stays. */
export async function logOut(): Promise<void> {
  const kept = await Promise.all([...keepers].map(keep => keep()));
  if (!warned && !kept.every(Boolean)) {
    warned = true;
    toast(say("login.unsaved"), "bad");
    return;
  }
  try {
    await post("/logout");
  } finally {
    try {
      sessionStorage.clear();
    } catch {
      // nothing was kept
    }
    location.assign("/");
  }
}

export async function refreshMe(): Promise<void> {
  enter(await get<Me>("/me"));
}

/** wantsTOTP tells whether a refused log-in asks for the second factor. */
export function wantsTOTP(p: Problem): boolean {
  return p.code === "code_wanted";
}
