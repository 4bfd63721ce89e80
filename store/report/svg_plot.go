package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"ringway/store/report/words"
)

// drawn is a series with its values over the rows; nil is none.
type drawn struct {
	Series
	unit   Unit
	values []*float64
}

// values are those of a chart's series in the main section, those that are nowhere left out.
func (t *Table) values(c Chart) (out []drawn) {
	for _, s := range c.Series {
		d, something := drawn{Series: s}, false
		for _, col := range t.Columns {
			if col.ID == s.Column {
				d.unit = col.Unit
			}
		}
		for _, r := range t.Rows {
			v, ok := number(r.Cells[s.Column])
			if !ok {
				d.values = append(d.values, nil)
				continue
			}
			something = something || v != 0
			d.values = append(d.values, &v)
		}
		if something || len(c.Series) == 1 {
			out = append(out, d)
		}
	}
	return out
}

// frame is where the marks of a plot stand.
type frame struct {
	left, right, top, bottom float64
	most                     float64 // value at the top
	slots                    int
}

func (f frame) x(slot float64) float64 { return f.left + (f.right-f.left)*slot/float64(f.slots) }

func (f frame) y(v float64) float64 { return f.bottom - (f.bottom-f.top)*min(v/f.most, 1) }

// plot draws bars or lines; false where there are no rows.
func (p *picture) plot(t *Table, c Chart) bool {
	series := t.values(c)
	if len(t.Rows) == 0 || len(series) == 0 {
		return false
	}
	stacked := c.Kind == "bar" && len(series) > 1
	top, unit := highest(series, stacked), series[0].unit
	step := stepOf(unit, top)
	f := frame{right: p.width - 6, slots: len(t.Rows), most: math.Max(step, math.Ceil(top/step-1e-9)*step)}
	if unit == PercentUnit {
		f.most = math.Max(f.most, 100)
	}
	f.left = math.Max(broad(axisText(unit, f.most)), broad(axisText(unit, step))) + 8
	var keys []key
	for i, s := range series {
		if c.Kind == "line" {
			keys = append(keys, key{name: s.Name, mark: func(x, y float64) { p.dot(x, y, i, s.Column) }})
		} else {
			keys = append(keys, key{fill: p.hatch(s.Column, i), name: s.Name})
		}
	}
	f.top = p.legend(keys, 0) + 12
	labels := t.rowLabels()
	f.bottom = p.height - p.below(f, labels)
	for v := 0.0; v <= f.most+step/2; v += step {
		p.line(f.left, f.y(v), f.right, f.y(v), "#bbb")
		p.text(f.left-4, f.y(v)+4, "end", axisText(unit, v))
	}
	switch {
	case c.Kind == "line":
		for i, s := range series {
			p.path(f, s, i)
		}
	default:
		p.bars(f, series, keys, stacked)
	}
	p.line(f.left, f.bottom, f.right, f.bottom, "#333")
	p.names(f, labels)
	return true
}

// rowLabels are the rows' names below the axis.
func (t *Table) rowLabels() []string {
	var out []string
	for _, r := range t.Rows {
		out = append(out, r.Label)
	}
	return out
}

const slantedHeight = 62

// below is how much room the names take.
func (p *picture) below(f frame, labels []string) float64 {
	if p.fits(f, labels) {
		return letter + 10
	}
	return slantedHeight
}

// fits says whether the names stand side by side, where those of short kind may be thinned.
func (p *picture) fits(f frame, labels []string) bool {
	widest := 0.0
	for _, l := range labels {
		widest = math.Max(widest, broad(l))
	}
	return widest+6 <= (f.right-f.left)/float64(f.slots) || widest <= 40
}

// names writes the rows' names, as many as there is room for.
func (p *picture) names(f frame, labels []string) {
	slot, upright := (f.right-f.left)/float64(f.slots), p.fits(f, labels)
	need := letter + 4
	if upright {
		need = 6
		for _, l := range labels {
			need = math.Max(need, broad(l)+6)
		}
	}
	every := max(int(math.Ceil(need/slot)), 1)
	for i := 0; i < len(labels); i += every {
		x := f.x(float64(i) + 0.5)
		if upright {
			p.text(x, f.bottom+letter+4, "middle", labels[i])
		} else {
			p.slanted(x+3, f.bottom+letter+2, shortened(labels[i], 92))
		}
	}
}

// bars stand on each other or, one series alone, each with its value.
func (p *picture) bars(f frame, series []drawn, keys []key, stacked bool) {
	slot := (f.right - f.left) / float64(f.slots)
	width := math.Min(slot*0.66, 44)
	for row := range f.slots {
		base, x := 0.0, f.x(float64(row)+0.5)-width/2
		for i, s := range series {
			if v := s.values[row]; v != nil && *v > 0 {
				p.rect(x, f.y(base+*v), width, f.y(base)-f.y(base+*v), keys[i].fill)
				base += *v
			}
		}
		if text := axisText(series[0].unit, base); slot > broad(text)+2 && (base > 0 || series[0].values[row] != nil) {
			p.text(x+width/2, f.y(base)-3, "middle", text)
		}
	}
}

// dashes of lines, so that they differ without colour.
var dashes = []string{"", "6 3", "2 3", "8 3 2 3"}

// path joins the values of a line; where there is none it is broken.
func (p *picture) path(f frame, s drawn, turn int) {
	d, up := "", false
	for row, v := range s.values {
		if v == nil {
			up = false
			continue
		}
		verb := "M"
		if up {
			verb = "L"
		}
		d, up = d+fmt.Sprintf("%s%.1f %.1f", verb, f.x(float64(row)+0.5), f.y(*v)), true
		if f.slots <= 60 || !s.known(row-1) && !s.known(row+1) {
			p.dot(f.x(float64(row)+0.5), f.y(*v), turn, s.Column)
		}
	}
	fmt.Fprintf(p, `<path d="%s" fill="none" stroke="%s" stroke-width="1.6" stroke-dasharray="%s"/>`, d, tone(s.Column, turn), dashes[turn%len(dashes)])
}

func (d drawn) known(row int) bool { return row >= 0 && row < len(d.values) && d.values[row] != nil }

func (p *picture) dot(x, y float64, turn int, column string) {
	fmt.Fprintf(p, `<circle cx="%.1f" cy="%.1f" r="2.6" fill="%s" stroke="#333" stroke-width="0.5"/>`, x, y, tone(column, turn))
}

func highest(series []drawn, stacked bool) float64 {
	top := 0.0
	for row := range series[0].values {
		sum := 0.0
		for _, s := range series {
			if v := s.values[row]; v != nil {
				sum += *v
				top = math.Max(top, *v)
			}
		}
		if stacked {
			top = math.Max(top, sum)
		}
	}
	return top
}

// stepOf is between two marks of an axis, for five or so: round numbers, or times as on a clock.
func stepOf(u Unit, top float64) float64 {
	switch u {
	case PercentUnit:
		return 20
	case DurationUnit:
		for _, s := range []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400} {
			if s*6 >= top {
				return s
			}
		}
	}
	if top <= 0 {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(top/5)))
	for _, m := range []float64{1, 2, 5, 10} {
		if step := m * ten; step*6 >= top && (u != CountUnit || step >= 1) {
			return step
		}
	}
	return max(10*ten, 1)
}

// axisText is a value beside an axis or a bar.
func axisText(u Unit, v float64) string {
	switch u {
	case PercentUnit:
		return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) + " %"
	case DurationUnit:
		return words.Clock(time.Duration(v * float64(time.Second)))
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}
