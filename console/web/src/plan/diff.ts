export interface DiffLine {
  kind: "same" | "add" | "del" | "hunk";
  old?: number;
  new?: number;
  text: string;
}

/** parseDiff reads a unified diff of one file into lines with their numbers on both sides. */
export function parseDiff(text: string): DiffLine[] {
  const out: DiffLine[] = [];
  let a = 0;
  let b = 0;
  let body = false;
  for (const line of text.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      a = Number(hunk[1]);
      b = Number(hunk[2]);
      body = true;
      out.push({ kind: "hunk", text: line });
    } else if (!body || line === "" || line.startsWith("\\")) {
      // names of the files above the first hunk, the end, "\ No newline at end of file"
    } else if (line[0] === "+") out.push({ kind: "add", new: b++, text: line.slice(1) });
    else if (line[0] === "-") out.push({ kind: "del", old: a++, text: line.slice(1) });
    else out.push({ kind: "same", old: a++, new: b++, text: line.slice(1) });
  }
  return out;
}
