package diag

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// source is a file's text, kept by lines to align decoded scalars with what the administrator wrote.
type source struct{ lines []string }

func newSource(src []byte) *source {
	return &source{lines: strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n")}
}

// align finds the place of each rune of a decoded scalar. It walks the decoded value and the raw text side by side:
//
//	raw      'it''s  ⏎  ${exten}'       decoded  it's ${exten}
//	equal runes advance both; '' and \x are one decoded rune; a run of white space in the raw text stands for the
//	decoded space or newline, or for indentation that was dropped.
//
// It returns nil when the value stands as written, or when raw and decoded do not fit (then the start must do).
func (s *source) align(y *yaml.Node) []mark {
	if y.Line < 1 || y.Line > len(s.lines) {
		return nil
	}
	at := cursor{src: s, line: y.Line, byte: byteOf(s.lines[y.Line-1], y.Column), col: y.Column}
	quote := at.rune()
	switch y.Style &^ yaml.TaggedStyle {
	case yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle:
		at.next()
	case yaml.LiteralStyle, yaml.FoldedStyle:
		at.newline()
	default:
		if !strings.Contains(y.Value, " ") && !strings.Contains(y.Value, "\n") {
			return nil
		}
	}
	marks := make([]mark, 0, len(y.Value))
	for _, r := range y.Value {
		if !at.seek(r, quote) {
			return nil
		}
		marks = append(marks, mark{at.markLine, at.markCol})
	}
	return marks
}

// byteOf turns a column in runes into a byte offset of the line.
func byteOf(line string, col int) int {
	n := 0
	for i := range line {
		if n++; n == col {
			return i
		}
	}
	return len(line)
}

// cursor is a place in the raw text.
type cursor struct {
	src               *source
	line, byte, col   int // line and col count from 1
	markLine, markCol int // where the rune found last begins
}

func (c *cursor) eof() bool { return c.line > len(c.src.lines) }

// rune is the raw rune here; the end of a line is '\n', the end of the file 0.
func (c *cursor) rune() rune {
	if c.eof() {
		return 0
	}
	rest := c.src.lines[c.line-1][c.byte:]
	if rest == "" {
		return '\n'
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return r
}

func (c *cursor) next() {
	if c.eof() {
		return
	}
	rest := c.src.lines[c.line-1][c.byte:]
	if rest == "" {
		c.newline()
		return
	}
	_, n := utf8.DecodeRuneInString(rest)
	c.byte += n
	c.col++
}

func (c *cursor) newline() { c.line, c.byte, c.col = c.line+1, 0, 1 }

func (c *cursor) mark() { c.markLine, c.markCol = c.line, c.col }

// seek finds the raw text of the decoded rune r and steps behind it.
func (c *cursor) seek(r, quote rune) bool {
	for !c.eof() {
		raw := c.rune()
		switch {
		case raw == '\\' && quote == '"':
			if c.escape(r) {
				return true
			}
			continue
		case raw == '\'' && quote == '\'' && r == '\'':
			c.mark()
			c.next()
			c.next()
			return true
		case raw == r:
			c.mark()
			c.next()
			return true
		case isBlank(raw) && isBlank(r):
			c.mark()
			c.blanks()
			return true
		case isBlank(raw):
			c.next()
		default:
			return false
		}
	}
	c.mark()
	return isBlank(r) // the final newline of a block at the end of the file
}

// escape steps over one escape of a double-quoted scalar; false means that it was an escaped line end, which decodes to nothing.
func (c *cursor) escape(rune) bool {
	c.mark()
	c.next()
	kind := c.rune()
	c.next()
	if kind == '\n' {
		c.blanks()
		return false
	}
	for range map[rune]int{'x': 2, 'u': 4, 'U': 8}[kind] {
		c.next()
	}
	return true
}

func (c *cursor) blanks() {
	for !c.eof() && isBlank(c.rune()) {
		c.next()
	}
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }
