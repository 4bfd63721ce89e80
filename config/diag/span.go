package diag

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Span is the part of one line on which a scalar is written, quotes included. From and To are bytes of the line.
type Span struct{ Line, From, To int }

// Span finds where a scalar is written, following an alias to the text itself. It is false for what is no scalar and for what
// is written over several lines.
func (n Node) Span() (Span, bool) {
	y := n.value()
	if n.Kind() != KindScalar || y.Line < 1 || y.Line > len(n.doc.source.lines) {
		return Span{}, false
	}
	line := n.doc.source.lines[y.Line-1]
	from := byteOf(line, y.Column)
	for from < len(line) && (line[from] == '&' || line[from] == '!') { // an anchor or a tag stands before the text
		gap := strings.IndexAny(line[from:], " \t")
		if gap < 0 {
			return Span{}, false
		}
		from += gap
		from += len(line[from:]) - len(strings.TrimLeft(line[from:], " \t"))
	}
	n2, ok := written(line[from:], y)
	return Span{y.Line, from, from + n2}, ok && n2 > 0
}

// written is how many bytes of the raw text the scalar takes.
func written(raw string, y *yaml.Node) (int, bool) {
	switch {
	case raw == "":
		return 0, false
	case raw[0] == '"':
		return closing(raw, '"')
	case raw[0] == '\'':
		return closing(raw, '\'')
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 0, false
	}
	return len(y.Value), strings.HasPrefix(raw, y.Value)
}

// closing finds the end of a quoted scalar.
func closing(raw string, quote byte) (int, bool) {
	for i := 1; i < len(raw); i++ {
		switch {
		case raw[i] == '\\' && quote == '"':
			i++
		case raw[i] == quote && quote == '\'' && i+1 < len(raw) && raw[i+1] == quote:
			i++
		case raw[i] == quote:
			return i + 1, true
		}
	}
	return 0, false
}

// EndOfWord is the column behind the word that stands at a column of a line, for marks under it. Both count runes from 1.
func EndOfWord(line string, col int) int {
	rest := line[byteOf(line, max(col, 1)):]
	if rest == "" {
		return col + 1
	}
	if rest[0] == '"' || rest[0] == '\'' {
		if n, ok := closing(rest, rest[0]); ok {
			return col + utf8.RuneCountInString(rest[:n])
		}
	}
	n := strings.IndexFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\r,:{}[]()\"'", r) })
	if n < 0 {
		n = len(rest)
	}
	return col + max(utf8.RuneCountInString(rest[:n]), 1)
}
