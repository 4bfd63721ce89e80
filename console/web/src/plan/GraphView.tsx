import "@xyflow/react/dist/style.css";
import { useMantineColorScheme } from "@mantine/core";
import {
  Background,
  ConnectionMode,
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
import { say, sayOr, useT } from "../i18n";
import { joined, layout, type Way } from "./layout";
import { place } from "./position";
import type { Trail } from "./trail";
import type { Graph, GraphExtension, Position } from "./types";

const Go = createContext<(p: Position) => void>(() => {});
const Seen = createContext<ReadonlySet<string>>(new Set());

type EntryNode = Node<{ label: string }, "entry">;
type ContextNode = Node<{ name: string; at: Position }, "context">;
type CardNode = Node<{ x: GraphExtension }, "card">;

function Entry({ id, data }: NodeProps<EntryNode>) {
  return (
    <div className="rw-g-entry">
      {data.label}
      <Ends id={id} />
    </div>
  );
}

/** Ends are where ways may begin and end at both sides of a part. */
function Ends({ id }: { id: string }) {
  return (
    <>
      <Handle type="source" position={Side.Left} id={`<${id}`} />
      <Handle type="source" position={Side.Right} id={`>${id}`} />
    </>
  );
}

function Context({ id, data }: NodeProps<ContextNode>) {
  const go = useContext(Go);
  const show = useShow(id);
  return (
    <div className="rw-g-context">
      <div className="rw-g-head">
        <Ends id={id} />
      </div>
      <button type="button" className="nopan" title={place(data.at)} onFocus={show} onClick={() => go(data.at)}>
        {data.name}
      </button>
    </div>
  );
}

function Card({ id, data }: NodeProps<CardNode>) {
  const go = useContext(Go);
  const show = useShow(id);
  const seen = useContext(Seen);
  const { x } = data;
  return (
    <div className="rw-g-card" data-kind={x.kind} data-seen={seen.has(x.id) || undefined}>
      <div className="rw-g-row rw-g-title">
        <Ends id={x.id} />
        <button type="button" className="nopan" title={place(x)} onFocus={show} onClick={() => go(x)}>
          {x.name}
        </button>
      </div>
      {(x.steps ?? []).map(s => (
        <div key={s.id} className="rw-g-row" data-seen={seen.has(s.id) || undefined}>
          <Ends id={s.id} />
          <button
            type="button"
            className="nopan"
            data-depth={Math.min(s.depth, 3)}
            title={`${s.name} ${s.text}${s.when ? ` · ${s.when}` : ""}\n${place(s)}`}
            onFocus={show}
            onClick={() => go(s)}
          >
            {s.label && <b>{s.label}: </b>}
            {s.text === s.name || !s.text ? s.name : `${s.name} ${s.text}`}
          </button>
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

interface Props {
  g: Graph;
  go(p: Position): void;
  trail?: Trail; // of a call: what it came by stands out, and is in sight
}

export default function GraphView({ g, go, trail }: Props) {
  const { t, lang } = useT();
  const { colorScheme } = useMantineColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is written in it is of a language
  const { nodes, edges } = useMemo(() => flow(g, trail), [g, trail, lang]);
  const near = trail && nodes.filter(n => n.type === "card" && trail.parts.has(n.id)).map(n => ({ id: n.id }));
  return (
    <Go.Provider value={go}>
      <Seen.Provider value={trail?.parts ?? none}>
        <section className="rw-g" aria-label={t("plan.graph")}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={kinds}
            colorMode={colorScheme === "auto" ? "system" : colorScheme}
            connectionMode={ConnectionMode.Loose}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            zoomOnScroll={!trail}
            preventScrolling={!trail}
            ariaLabelConfig={{
              "controls.ariaLabel": t("plan.zoom"),
              "controls.zoomIn.ariaLabel": t("plan.zoom_in"),
              "controls.zoomOut.ariaLabel": t("plan.zoom_out"),
              "controls.fitView.ariaLabel": t("plan.zoom_fit"),
            }}
            minZoom={0.1}
            fitView
            fitViewOptions={{ padding: 0.06, maxZoom: 1, ...(near?.length ? { nodes: near } : {}) }}
          >
            <Background gap={22} />
            <Controls showInteractive={false} />
            {nodes.length > 24 && !trail && <MiniMap pannable zoomable ariaLabel={null} />}
          </ReactFlow>
        </section>
      </Seen.Provider>
    </Go.Provider>
  );
}

const none: ReadonlySet<string> = new Set();

/** entry tells who comes in: "phones aiko, emma, ken and 4 more", as the switch says it. */
function entry(label: string): string {
  const [, kind, names, more] = /^(app|trunk|phones) (.+?)(?: and (\d+) more)?$/.exec(label) ?? [];
  if (!kind) return label;
  return `${sayOr("entry", kind)} ${more ? say("why.more", { names, count: more }) : names}`;
}

function flow(g: Graph, trail?: Trail): { nodes: Node[]; edges: Edge[] } {
  const at = layout(g);
  const nodes: Node[] = [];
  for (const [i, b] of at.entries.entries()) {
    const data = { label: entry(g.entries![i]!.label) };
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
  return { nodes, edges: joined(g, at).map(w => way(w, trail)) };
}

function way(w: Way, trail?: Trail): Edge {
  const seen = trail?.ways.has(`${w.sourceEnd.slice(1)} ${w.targetEnd.slice(1)}`);
  return {
    id: w.id,
    source: w.source,
    target: w.target,
    sourceHandle: w.sourceEnd,
    targetHandle: w.targetEnd,
    label: (w.kind === "typed" ? say("plan.typed") : w.label) || undefined,
    className: `rw-g-edge rw-g-${w.kind}${seen ? " rw-g-seen" : ""}`,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    zIndex: 1,
  };
}
