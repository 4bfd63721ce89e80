package report

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"unicode"

	"ringway/store/report/words"
)

// Charts on paper are SVG inside the page: no script, no style of their own, nothing to fetch. Parts differ by hatching as well
// as by colour, and values stand beside the marks where there is room, so that a black-and-white print says the same.
//
//	┌───────────────────────────────┐ 0
//	│ ▨ legend  ▧ legend            │ legend
//	│ 20 ┬ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─  │ top
//	│ 10 ┼ ─ ▨▨ ─ ─ ─ ─ ▧▧ ─ ─ ─ ─  │
//	│  0 ┴───────────────────────── │ bottom
//	│      help      sales          │
//	└───────────────────────────────┘ height

// picture is one chart in the making, in units of its view box.
type picture struct {
	strings.Builder
	id            string // makes its hatchings' names unique on the page
	width, height float64
	lang          words.Lang
}

const (
	chartWidth, chartHeight = 560.0, 270.0
	letter                  = 11.0 // height of text
)

// drawing is a chart as the page shows it.
type drawing struct {
	Title string
	Wide  bool // across the page
	SVG   template.HTML
}

// drawings are the table's charts; those without anything to show are left out.
func (t *Table) drawings() []drawing {
	var out []drawing
	for i, c := range t.Charts {
		p := &picture{id: fmt.Sprintf("c%d", i), width: chartWidth, height: chartHeight, lang: t.Lang}
		wide, drawn := false, false
		switch c.Kind {
		case "bar", "line":
			drawn = p.plot(t, c)
		case "heatmap":
			wide, drawn = true, p.heat(t, c)
		case "timeline":
			wide, drawn = true, p.states(t)
		}
		if drawn {
			out = append(out, drawing{plain(c.Title), wide, p.end(plain(c.Title))})
		}
	}
	return out
}

// end closes the picture.
func (p *picture) end(title string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-label="%s">`, //nolint:gosec // all text in it is escaped
		p.width, p.height, html.EscapeString(title)) + p.String() + "</svg>")
}

func (p *picture) rect(x, y, w, h float64, fill string) {
	fmt.Fprintf(p, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" stroke="#333" stroke-width="0.6"/>`, x, y, w, h, fill)
}

func (p *picture) line(x1, y1, x2, y2 float64, colour string) {
	fmt.Fprintf(p, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="0.7"/>`, x1, y1, x2, y2, colour)
}

// text writes at a point; anchor is start, middle or end.
func (p *picture) text(x, y float64, anchor, s string) { p.ink(x, y, anchor, "#222", s) }

func (p *picture) ink(x, y float64, anchor, colour, s string) {
	fmt.Fprintf(p, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`, x, y, anchor, colour, html.EscapeString(plain(s)))
}

// slanted writes a text that ends at a point, from below left.
func (p *picture) slanted(x, y float64, s string) {
	fmt.Fprintf(p, `<text x="%.1f" y="%.1f" text-anchor="end" fill="#222" transform="rotate(-38 %.1f %.1f)">%s</text>`, x, y, x, y, html.EscapeString(plain(s)))
}

// broad is about how wide a text is: letters of East Asia are as wide as high.
func broad(s string) float64 {
	w := 0.0
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r > 0xff00 && r < 0xff61 {
			w += letter
		} else {
			w += 0.6 * letter
		}
	}
	return w
}

// shortened cuts a text to a width.
func shortened(s string, width float64) string {
	if broad(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && broad(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// tones are the colours of states and outcomes, as on the screen; others take their turn.
var tones = map[string]string{
	"available": "#3f9f66", "reserved": "#f0b37e", "ringing": "#d9822b", "talk": "#3a7bd5", "hold": "#d9a514", "consult": "#7fa9e6",
	"outbound": "#9dbfe8", "wrap_up": "#8a63cc", "not_ready": "#8793a0", "not_responding": "#c94f6d", "unreachable": "#9c2f3f",
	"answered": "#1c8aa0", "abandoned": "#d9822b", "flow_out": "#8a63cc",
}

var turns = []string{"#1c8aa0", "#d9822b", "#7a5cc0", "#3f9f66", "#c94f6d", "#6b7682"}

func tone(column string, turn int) string {
	if c, ok := tones[column]; ok {
		return c
	}
	return turns[turn%len(turns)]
}

// hatchings are what makes parts differ without colour: the first is solid, the second nearly white, and so on.
var hatchings = []string{
	"", `M0 6L6 0M-1 1L1 -1M5 7L7 5`, `M1.5 1.5h.1M4.5 4.5h.1`, `M0 0L6 6M-1 5L1 7M5 -1L7 1`, `M0 3H6`, `M3 0V6`, `M0 3H6M3 0V6`,
	`M0 0L6 6M0 6L6 0`, `M0 1.5H6M0 4.5H6`, `M1.5 0V6M4.5 0V6`, `M3 3h.1`,
}

// hatch defines the filling of a part and names it.
func (p *picture) hatch(column string, turn int) string {
	colour, marks := tone(column, turn), hatchings[turn%len(hatchings)]
	if marks == "" {
		return colour
	}
	name := fmt.Sprintf("%sh%d", p.id, turn)
	fmt.Fprintf(p, `<pattern id="%s" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="%s" fill-opacity="0.28"/>`+
		`<path d="%s" stroke="%s" stroke-width="1.5" stroke-linecap="round" fill="none"/></pattern>`, name, colour, marks, colour)
	return "url(#" + name + ")"
}

// key is an entry of a legend.
type key struct {
	fill, name string
	mark       func(x, y float64) // instead of a filled square
}

// legend writes the entries from a point on, in as many lines as they need, and returns where it ends.
func (p *picture) legend(keys []key, y float64) float64 {
	x := 4.0
	for _, k := range keys {
		w := 18 + broad(k.name) + 14
		if x > 4 && x+w > p.width {
			x, y = 4, y+letter+6
		}
		if k.mark != nil {
			k.mark(x+6, y+6)
		} else {
			p.rect(x, y+1, 12, 10, k.fill)
		}
		p.text(x+17, y+letter-1, "start", k.name)
		x += w
	}
	return y + letter + 6
}
