import { useQuery } from "@tanstack/react-query";
import { get, post } from "../api/client";
import { useStore } from "../lib/store";
import { draft, edited } from "./draft";
import type { Graph } from "./types";

/** useGraph is the plan that runs as a graph, or the draft's where there is one. */
export function useGraph() {
  const files = edited(useStore(draft));
  const drafted = Object.keys(files).length > 0;
  const q = useQuery({
    queryKey: ["dialplan-graph", files],
    queryFn: () => (drafted ? post<Graph>("/dialplan/graph", { files }) : get<Graph>("/dialplan/graph")),
  });
  return { q, drafted };
}
