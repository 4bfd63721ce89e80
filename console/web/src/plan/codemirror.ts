// The editor's parts that know CodeMirror. Its style sheets take the page's nonce.
import { autocompletion, type CompletionContext, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Said } from "../i18n/findings";
import { optionsAt, placeAt, type Schema } from "./complete";
import { rangeOf } from "./position";
import type { Finding } from "./types";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--rw-link)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string), tags.content], color: "var(--rw-text)" },
  { tag: [tags.number, tags.bool, tags.keyword, tags.typeName], color: "var(--rw-wrap)" },
  { tag: tags.comment, color: "var(--rw-dim)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.squareBracket, tags.brace], color: "var(--rw-dim)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13.5px", backgroundColor: "var(--rw-surface)", color: "var(--rw-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--rw-text)", padding: "10px 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--rw-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--rw-accent) 28%, transparent) !important",
  },
  ".cm-gutters": { backgroundColor: "var(--rw-sunken)", color: "var(--rw-dim)", borderRight: "1px solid var(--rw-border)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--rw-accent) 7%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--rw-accent) 14%, transparent)", color: "var(--rw-text)" },
  ".cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--rw-accent) 25%, transparent) !important",
    color: "inherit",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--rw-hold-soft)" },
  ".cm-tooltip": {
    backgroundColor: "var(--rw-raised)",
    color: "var(--rw-text)",
    border: "1px solid var(--rw-control)",
    borderRadius: "8px",
    boxShadow: "0 6px 24px rgb(0 0 0 / 18%)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mantine-font-family-monospace)", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--rw-accent)", color: "var(--rw-bg)" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 12px", maxWidth: "340px", fontSize: "13px", whiteSpace: "normal" },
  ".cm-completionDetail": { opacity: "0.8", fontStyle: "normal" },
  ".cm-diagnostic": { padding: "6px 10px", fontSize: "13px" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--rw-bad)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--rw-hold)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--rw-bad)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--rw-hold)",
    textUnderlineOffset: "3px",
  },
  ".cm-panels": { backgroundColor: "var(--rw-sunken)", color: "var(--rw-text)", borderColor: "var(--rw-border)" },
  ".cm-textfield": { backgroundColor: "var(--rw-surface)", border: "1px solid var(--rw-control)", borderRadius: "6px" },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--rw-surface)",
    color: "var(--rw-text)",
    border: "1px solid var(--rw-control)",
    borderRadius: "6px",
  },
});

interface Parts {
  nonce: string;
  label: string;
  readOnly: boolean;
  schema(): Schema | undefined;
  changed(text: string): void;
}

/** parts are the extensions of one file's editor. The Tab key stays with the page: Ctrl-] indents. */
export function parts(p: Parts): Extension[] {
  return [
    EditorView.cspNonce.of(p.nonce),
    EditorView.contentAttributes.of({ "aria-label": p.label, tabindex: "0" }),
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    bracketMatching(),
    search({ top: true }),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(p.readOnly),
    yaml(),
    syntaxHighlighting(colours),
    look,
    lintGutter(),
    autocompletion({ override: [source(p.schema)], icons: false }),
    keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of(u => {
      if (u.docChanged) p.changed(u.state.doc.toString());
    }),
  ];
}

function source(schema: () => Schema | undefined) {
  return (c: CompletionContext) => {
    const s = schema();
    const place = s && placeAt(c.state.doc.toString(), c.pos);
    if (!s || !place) return null;
    // Typed words ask by themselves; an empty place only when the person does.
    if (!c.explicit && place.from === c.pos) return null;
    const options = optionsAt(s, place).map((o, i) => ({
      label: o.label,
      type: o.kind === "key" ? "property" : "constant",
      apply: o.kind === "key" ? `${o.label}: ` : o.label,
      detail: o.detail,
      info: o.info,
      boost: -i / 10,
    }));
    return options.length > 0 ? { from: place.from, options, validFor: /^[\w-]*$/ } : null;
  };
}

function told(f: Finding, tell: (english: string, said?: Said) => string): string {
  const message = tell(f.message, f.said);
  return f.hint ? `${message} (${tell(f.hint, f.advised)})` : message;
}

/** mark underlines what was found in this file. */
export function mark(view: EditorView, findings: Finding[], tell: (english: string, said?: Said) => string) {
  const all: Diagnostic[] = findings.map(f => ({
    ...rangeOf(view.state.doc, f),
    severity: f.severity,
    message: told(f, tell),
    source: f.code,
  }));
  view.dispatch(
    setDiagnostics(
      view.state,
      all.sort((a, b) => a.from - b.from),
    ),
  );
}

/** go puts the cursor at a place and shows it. */
export function go(view: EditorView, line: number, column: number) {
  const { from } = rangeOf(view.state.doc, { line, column, end_line: 0, end_column: 0 });
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}

export { EditorState, EditorView };
