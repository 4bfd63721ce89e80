import { get, type Query } from "./client";
import type { Page } from "./types";

/** How many of a list one request asks for: the most that the server gives. */
const most = 1000;

/** all reads a list to its end, page by page. */
export async function all<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T[]> {
  const out: T[] = [];
  let cursor = "";
  do {
    const page = await get<Page<T>>(path, { ...query, cursor, limit: most }, signal);
    out.push(...(page.items ?? []));
    cursor = page.next ?? "";
  } while (cursor);
  return out;
}
