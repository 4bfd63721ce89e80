package diag

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Render prints every finding for a terminal, with its source line and a caret under the place:
//
//	dialplan/main.yaml:7:9: error[DP012]: unknown application 'playbak'; did you mean 'playback'?
//	    7 |       - playbak: welcome
//	      |         ^
//	    dialplan/other.yaml:3:5: first defined here
//
// sources returns a file's text, or nil when it is not at hand; sources itself may be nil.
func Render(w io.Writer, l *List, sources func(file string) []byte) error {
	texts := map[string][][]byte{}
	var out bytes.Buffer
	for _, f := range l.All() {
		fmt.Fprintln(&out, f.String())
		if line, ok := sourceLine(f.Pos, texts, sources); ok {
			caret(&out, f.Pos, line)
		}
		for _, r := range f.Related {
			fmt.Fprintf(&out, "    %s: %s\n", r.Pos, r.Message)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func sourceLine(p Pos, texts map[string][][]byte, sources func(string) []byte) (string, bool) {
	if sources == nil || p.Line == 0 {
		return "", false
	}
	lines, seen := texts[p.File]
	if !seen {
		lines = bytes.Split(sources(p.File), []byte("\n"))
		texts[p.File] = lines
	}
	if p.Line > len(lines) {
		return "", false
	}
	return strings.TrimRight(string(lines[p.Line-1]), "\r"), true
}

// caret prints the line and a mark under column p.Col; tabs are kept in the margin so that the mark stands right.
func caret(w io.Writer, p Pos, line string) {
	const widest = 160
	if !utf8.ValidString(line) || utf8.RuneCountInString(line) > widest {
		return
	}
	fmt.Fprintf(w, "%5d | %s\n", p.Line, line)
	if p.Col == 0 {
		return
	}
	margin := make([]rune, 0, p.Col)
	for _, r := range line {
		if len(margin) == p.Col-1 {
			break
		}
		margin = append(margin, blank(r)...)
	}
	fmt.Fprintf(w, "      | %s^\n", string(margin))
}

// blank returns what takes the room of r on a terminal: East Asian wide characters take two columns, but one margin
// entry stands for one rune, so such a rune is replaced by the ideographic space.
func blank(r rune) []rune {
	switch {
	case r == '\t':
		return []rune{'\t'}
	case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xffdc || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000):
		return []rune{'\u3000'}
	default:
		return []rune{' '}
	}
}
