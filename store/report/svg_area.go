package report

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// heat draws the hours along the page and the weekdays below each other, each cell with its number.
func (p *picture) heat(t *Table, c Chart) bool {
	if len(t.Rows) == 0 || len(t.Columns) == 0 {
		return false
	}
	p.width = 2*chartWidth + 20
	left, cellHeight := 0.0, 24.0
	for _, s := range c.Series {
		left = math.Max(left, broad(s.Name)+10)
	}
	series := t.values(Chart{Series: c.Series})
	slot := (p.width - left - 4) / float64(len(t.Rows))
	top := highest(series, false)
	for i, label := range t.rowLabels() {
		p.text(left+slot*(float64(i)+0.5), letter, "middle", label)
	}
	for n, name := range c.Series {
		y := letter + 8 + cellHeight*float64(n)
		p.text(left-6, y+16, "end", name.Name)
		for i, r := range t.Rows {
			x := left + slot*float64(i)
			v, ok := number(r.Cells[name.Column])
			share := 0.0
			if ok && top > 0 {
				share = v / top
			}
			p.rect(x, y, slot, cellHeight, shade(share))
			if !ok || v == 0 {
				continue
			}
			ink := "#111"
			if share > 0.55 {
				ink = "#fff"
			}
			p.ink(x+slot/2, y+16, "middle", ink, axisText(t.Columns[0].Unit, v))
		}
	}
	p.height = letter + 12 + cellHeight*float64(len(c.Series))
	return true
}

// shade is between white and the darkest, which is dark without colour too.
func shade(share float64) string {
	mix := func(a, b float64) int { return int(math.Round(a + (b-a)*share)) }
	return fmt.Sprintf("#%02x%02x%02x", mix(255, 12), mix(255, 88), mix(255, 108))
}

// states draws an agent's day as a band, with the hours below.
func (p *picture) states(t *Table) bool {
	if len(t.Timeline) == 0 {
		return false
	}
	p.width = 2*chartWidth + 20
	from, to := t.Timeline[0].Start, t.Timeline[0].End
	var buckets []string
	for _, s := range t.Timeline {
		if s.End.After(to) {
			to = s.End
		}
		if !slices.Contains(buckets, s.Bucket) {
			buckets = append(buckets, s.Bucket)
		}
	}
	slices.SortFunc(buckets, func(a, b string) int { return stateOrder(a) - stateOrder(b) })
	var keys []key
	fills := map[string]string{}
	for i, b := range buckets {
		fills[b] = p.hatch(b, i)
		keys = append(keys, key{fill: fills[b], name: t.state(b)})
	}
	y := p.legend(keys, 0) + 4
	whole := math.Max(to.Sub(from).Seconds(), 1)
	x := func(at time.Time) float64 { return 4 + (p.width-8)*at.Sub(from).Seconds()/whole }
	for _, s := range t.Timeline {
		fmt.Fprintf(p, `<rect x="%.2f" y="%.1f" width="%.2f" height="40" fill="%s"/>`, x(s.Start), y, x(s.End)-x(s.Start), fills[s.Bucket])
	}
	p.rect(4, y, p.width-8, 40, "none")
	zone := t.location()
	step := time.Duration(math.Ceil(whole/3600/12)) * time.Hour
	for at := from.In(zone).Truncate(time.Hour).Add(time.Hour); at.Before(to); at = at.Add(step) {
		p.line(x(at), y+40, x(at), y+46, "#333")
		p.text(x(at), y+46+letter, "middle", at.Format("15:04"))
	}
	p.height = y + 46 + letter + 6
	return true
}

// stateOrder keeps states in one order, whatever came first in the day.
func stateOrder(bucket string) int {
	for i, c := range (voice{}).times() {
		if c.Column == bucket {
			return i
		}
	}
	return len(tones)
}
