import { useEffect, useRef } from "react";
import { useFindings } from "../i18n/findings";
import { EditorState, EditorView, go, mark, parts } from "./codemirror";
import type { Schema } from "./complete";
import type { Finding } from "./types";

interface Props {
  path: string;
  text: string; // as it was when the file was opened: the editor keeps what is typed by itself
  label: string;
  readOnly: boolean;
  schema?: Schema;
  findings: Finding[];
  at?: { line: number; column: number };
  change(path: string, text: string): void;
}

/** Code is one file in an editor. */
export default function Code({ path, text, label, readOnly, schema, findings, at, change }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const tell = useFindings();
  const latest = useRef({ schema, change, text });
  latest.current = { schema, change, text };
  useEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
    const v = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: parts({
          nonce,
          label,
          readOnly,
          schema: () => latest.current.schema,
          changed: t => latest.current.change(path, t),
        }),
      }),
    });
    view.current = v;
    return () => {
      view.current = null;
      v.destroy();
    };
  }, [path, label, readOnly]);
  // The draft was thrown away, or a newer version was taken: what is shown follows.
  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString() !== text) v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    if (view.current) mark(view.current, findings, tell);
  });
  useEffect(() => {
    if (view.current && at) go(view.current, at.line, at.column);
  }, [at]);
  return <div className="rw-code" ref={box} />;
}
