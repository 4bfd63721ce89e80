import "@xyflow/react/dist/style.css";
import { useMantineColorScheme } from "@mantine/core";
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  MiniMap,
  type Node,
  type NodeProps,
  ReactFlow,
  Position as Side,
  useReactFlow,
} from "@xyflow/react";
import { createContext, useContext, useMemo } from "react";
import { useT } from "../i18n";
import { drawn, layout } from "./layout";
import { place } from "./position";
import type { Graph, GraphExtension, Position } from "./types";

const Go = createContext<(p: Position) => void>(() => {});

type EntryNode = Node<{ label: string }, "entry">;
type ContextNode = Node<{ name: string; at: Position }, "context">;
type CardNode = Node<{ x: GraphExtension }, "card">;

function Entry({ data }: NodeProps<EntryNode>) {
  return (
    <div className="rw-g-entry">
      {data.label}
      <Handle type="source" position={Side.Right} />
    </div>
  );
}

function Context({ id, data }: NodeProps<ContextNode>) {
  const go = useContext(Go);
  const show = useShow(id);
  return (
    <div className="rw-g-context">
      <Handle type="target" position={Side.Left} className="rw-g-head" />
      <button type="button" className="nopan" title={place(data.at)} onFocus={show} onClick={() => go(data.at)}>
        {data.name}
      </button>
      <Handle type="source" position={Side.Right} className="rw-g-head" />
    </div>
  );
}

function Card({ id, data }: NodeProps<CardNode>) {
  const go = useContext(Go);
  const show = useShow(id);
  const { x } = data;
  return (
    <div className="rw-g-card" data-kind={x.kind}>
      <div className="rw-g-row rw-g-title">
        <Handle type="target" position={Side.Left} />
        <button type="button" className="nopan" title={place(x)} onFocus={show} onClick={() => go(x)}>
          {x.name}
        </button>
        <Handle type="source" position={Side.Right} id={x.id} />
      </div>
      {(x.steps ?? []).map(s => (
        <div key={s.id} className="rw-g-row">
          <Handle type="target" position={Side.Left} id={s.id} />
          <button
            type="button"
            className="nopan"
            data-depth={Math.min(s.depth, 3)}
            title={`${s.text}${s.when ? ` · ${s.when}` : ""}\n${place(s)}`}
            onFocus={show}
            onClick={() => go(s)}
          >
            {s.label && <b>{s.label}: </b>}
            {s.text || s.name}
          </button>
          <Handle type="source" position={Side.Right} id={s.id} />
        </div>
      ))}
    </div>
  );
}

/** useShow brings a part that the keyboard reached into sight. */
function useShow(id: string) {
  const flow = useReactFlow();
  return (e: React.FocusEvent<HTMLElement>) => {
    if (e.currentTarget.matches(":focus-visible")) void flow.fitView({ nodes: [{ id }], maxZoom: 1, duration: 200 });
  };
}

const kinds = { entry: Entry, context: Context, card: Card };

export default function GraphView({ g, go }: { g: Graph; go(p: Position): void }) {
  const { t } = useT();
  const { colorScheme } = useMantineColorScheme();
  const { nodes, edges } = useMemo(() => flow(g), [g]);
  return (
    <Go.Provider value={go}>
      <section className="rw-g" aria-label={t("plan.graph")}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={kinds}
          colorMode={colorScheme === "auto" ? "system" : colorScheme}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          minZoom={0.1}
          fitView
          fitViewOptions={{ padding: 0.06, maxZoom: 1 }}
        >
          <Background gap={22} />
          <Controls showInteractive={false} />
          {nodes.length > 24 && <MiniMap pannable zoomable ariaLabel={null} />}
        </ReactFlow>
      </section>
    </Go.Provider>
  );
}

function flow(g: Graph): { nodes: Node[]; edges: Edge[] } {
  const at = layout(g);
  const nodes: Node[] = [];
  for (const [i, b] of at.entries.entries()) {
    const data = { label: g.entries![i]!.label };
    nodes.push({ id: b.id, type: "entry", position: { x: b.x, y: b.y }, width: b.width, height: b.height, data });
  }
  for (const [i, b] of at.contexts.entries()) {
    const c = g.contexts![i]!;
    const data = { name: c.name, at: c };
    nodes.push({ id: b.id, type: "context", position: { x: b.x, y: b.y }, width: b.width, height: b.height, data });
  }
  const byID = new Map((g.extensions ?? []).map(x => [x.id, x]));
  for (const b of at.extensions) {
    const data = { x: byID.get(b.id)! };
    const position = { x: b.x, y: b.y };
    nodes.push({ id: b.id, type: "card", parentId: b.context, position, width: b.width, height: b.height, data });
  }
  return { nodes, edges: ways(g) };
}

/** ways are the edges, from the row that goes away to the row or box that is gone to. */
function ways(g: Graph): Edge[] {
  const card = new Map<string, string>();
  for (const x of g.extensions ?? []) for (const s of x.steps ?? []) card.set(s.id, x.id);
  const known = new Set([...(g.entries ?? []), ...(g.contexts ?? []), ...(g.extensions ?? [])].map(n => n.id));
  return drawn(g).flatMap(e => {
    const source = card.get(e.from) ?? e.from;
    const target = card.get(e.to) ?? e.to;
    if (!known.has(source) || !known.has(target)) return [];
    return [
      {
        id: e.id,
        source,
        target,
        sourceHandle: card.has(e.from) || byCard(g, e.from) ? e.from : null,
        targetHandle: card.has(e.to) ? e.to : null,
        label: e.label || undefined,
        className: `rw-g-edge rw-g-${e.kind}`,
        markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
        zIndex: 1,
      },
    ];
  });
}

function byCard(g: Graph, id: string): boolean {
  return (g.extensions ?? []).some(x => x.id === id);
}
