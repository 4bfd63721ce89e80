import type { Finding } from "./types";

/** offsetOf is the place in a line's text (UTF-16, as browsers count) of a column counted in characters from 1. */
export function offsetOf(line: string, column: number): number {
  let at = 0;
  for (let i = 1; i < column && at < line.length; i++) at += line.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}

export interface Lines {
  lines: number;
  length: number;
  line(n: number): { from: number; to: number; text: string };
}

/** rangeOf is where a finding lies in a text; it is never empty where the line has something to underline. */
export function rangeOf(
  doc: Lines,
  f: Pick<Finding, "line" | "column" | "end_line" | "end_column">,
): { from: number; to: number } {
  const first = doc.line(Math.min(Math.max(f.line, 1), doc.lines));
  const from = first.from + offsetOf(first.text, f.column);
  let to = from;
  if (f.end_line >= f.line && f.end_line <= doc.lines && f.end_column > 0) {
    const last = doc.line(Math.max(f.end_line, 1));
    to = last.from + offsetOf(last.text, f.end_column);
  }
  if (to > from) return { from, to };
  if (from < first.to) return { from, to: f.column > 0 ? wordEnd(first.text, from - first.from) + first.from : first.to };
  return { from: first.from + (first.text.length - first.text.trimStart().length), to: first.to };
}

function wordEnd(text: string, at: number): number {
  const word = /^[\w.-]+/.exec(text.slice(at));
  return at + (word ? word[0].length : 1);
}

/** place writes where something stands, as compilers do. */
export function place(p: { file: string; line: number }): string {
  return p.line > 0 ? `${p.file}:${p.line}` : p.file;
}

export function editLink(p: { file: string; line: number; column?: number }): string {
  const q = new URLSearchParams({ file: p.file });
  if (p.line > 0) q.set("line", String(p.line));
  if (p.column) q.set("column", String(p.column));
  return `/dialplan/edit?${q}`;
}
