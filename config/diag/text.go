package diag

import (
	"strings"
	"unicode/utf8"
)

// Text is a string from an administrator's file that knows where each of its runes stands, through quotes, escapes and
// folded lines. Expressions and templates are compiled from it, so that their findings point inside the scalar.
type Text struct {
	Value string
	start Pos
	runes []mark // one for each rune of Value, nil when Value stands at start as written
}

type mark struct{ line, col int }

// TextAt is a text that stands at pos as it is: on one line, without quotes or escapes.
func TextAt(pos Pos, value string) Text { return Text{Value: value, start: pos} }

// Pos is where the text begins.
func (t Text) Pos() Pos { return t.At(0) }

// At returns the position of the rune with the given index; an index beyond the end is the place after the last.
func (t Text) At(rune int) Pos {
	p := t.start
	switch {
	case p.Line == 0:
		return p
	case t.runes == nil:
		p.Col += rune
	case rune < len(t.runes):
		p.Line, p.Col = t.runes[rune].line, t.runes[rune].col
	case len(t.runes) > 0:
		last := t.runes[len(t.runes)-1]
		p.Line, p.Col = last.line, last.col+1
	}
	return p
}

// Slice is the part of the text from byte offset from up to to, with its positions.
func (t Text) Slice(from, to int) Text {
	skip := utf8.RuneCountInString(t.Value[:from])
	part := Text{Value: t.Value[from:to], start: t.At(skip)}
	if t.runes != nil && skip < len(t.runes) {
		part.runes = t.runes[skip:min(len(t.runes), skip+utf8.RuneCountInString(part.Value))]
	}
	return part
}

// TrimSpace is the text without white space around it, with its positions.
func (t Text) TrimSpace() Text {
	left := len(t.Value) - len(strings.TrimLeft(t.Value, " \t\r\n"))
	right := len(strings.TrimRight(t.Value, " \t\r\n"))
	if right < left {
		return Text{start: t.At(0)}
	}
	return t.Slice(left, right)
}
