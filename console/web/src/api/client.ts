// The one way to the server: adds the CSRF token, turns failures into Problem, and tells the session when it has ended.
import { Problem, readProblem } from "./problem";

let csrf = "";
let onExpired: () => void = () => {};

export function setCSRF(token: string) {
  csrf = token;
}

export function whenExpired(f: () => void) {
  onExpired = f;
}

export type Query = Record<string, string | number | boolean | undefined | null>;

export interface Options {
  query?: Query;
  body?: unknown;
  etag?: string;
  signal?: AbortSignal;
  keepalive?: boolean; // outlives the page: the last save of a note
  quiet?: boolean; // a 401 is an answer here, not the end of a session
}

export interface Answer<T> {
  data: T;
  etag: string;
}

export function queryString(q: Query = {}): string {
  const p = new URLSearchParams();
  for (const [k, v] of Object.entries(q)) if (v !== undefined && v !== null && v !== "") p.set(k, String(v));
  const s = p.toString();
  return s ? `?${s}` : "";
}

export async function call<T>(method: string, path: string, o: Options = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (o.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  if (o.etag) headers["If-Match"] = o.etag;
  let r: Response;
  try {
    r = await fetch(`/api/v1${path}${queryString(o.query)}`, {
      method,
      headers,
      body: o.body === undefined ? undefined : JSON.stringify(o.body),
      signal: o.signal,
      keepalive: o.keepalive,
      credentials: "same-origin",
    });
  } catch (e) {
    if (o.signal?.aborted) throw e;
    throw new Problem(0, "offline");
  }
  const text = await r.text();
  if (!r.ok) {
    if (r.status === 401 && !o.quiet) onExpired();
    throw readProblem(r.status, r.statusText, text);
  }
  return { data: (text ? JSON.parse(text) : undefined) as T, etag: r.headers.get("ETag") ?? "" };
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  call<T>("GET", path, { query, signal }).then(a => a.data);
export const post = <T = void>(path: string, body: unknown = {}, o: Options = {}) =>
  call<T>("POST", path, { ...o, body }).then(a => a.data);
export const put = <T = void>(path: string, body: unknown, o: Options = {}) =>
  call<T>("PUT", path, { ...o, body }).then(a => a.data);
export const del = <T = void>(path: string) => call<T>("DELETE", path).then(a => a.data);
