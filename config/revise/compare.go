package revise

// maxEdits bounds the search for the shortest way from one text to the other: beyond it, what lies between the equal
// beginning and the equal end is shown as replaced.
const maxEdits = 1000

// compare finds the lines that two texts share, by Myers' greedy algorithm (1986): the furthest reach on each diagonal after
// d edits, until both ends are met; then the way is walked back.
func compare(a, b []string) []line {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []line
	add := func(sign byte, text string) {
		l := line{sign: sign, text: text}
		if n := len(out); n > 0 {
			l.a, l.b = out[n-1].a, out[n-1].b
			if out[n-1].sign != '+' {
				l.a++
			}
			if out[n-1].sign != '-' {
				l.b++
			}
		}
		out = append(out, l)
	}
	for _, t := range a[:head] {
		add(' ', t)
	}
	for _, s := range script(a[head:len(a)-tail], b[head:len(b)-tail]) {
		add(s.sign, s.text)
	}
	for _, t := range a[len(a)-tail:] {
		add(' ', t)
	}
	return out
}

// script is the shortest way from a to b, deletions before insertions.
func script(a, b []string) []line {
	trace, ok := reach(a, b)
	if !ok || len(a) == 0 || len(b) == 0 {
		var out []line
		for _, t := range a {
			out = append(out, line{sign: '-', text: t})
		}
		for _, t := range b {
			out = append(out, line{sign: '+', text: t})
		}
		return out
	}
	var back []line
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		v, k := trace[d], x-y
		before := k - 1
		if k == -d || k != d && v.at(k-1) < v.at(k+1) {
			before = k + 1
		}
		px := v.at(before)
		py := px - before
		for x > px && y > py && x > 0 && y > 0 {
			x, y = x-1, y-1
			back = append(back, line{sign: ' ', text: a[x]})
		}
		switch {
		case d == 0:
		case x == px:
			y--
			back = append(back, line{sign: '+', text: b[y]})
		default:
			x--
			back = append(back, line{sign: '-', text: a[x]})
		}
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}

// front is how far along a each diagonal from -d to d was reached.
type front struct {
	d int
	x []int
}

func (f front) at(k int) int {
	if k < -f.d || k > f.d {
		return -1
	}
	return f.x[k+f.d]
}

// reach keeps the fronts before each number of edits; false where there are too many.
func reach(a, b []string) ([]front, bool) {
	var trace []front
	v := front{d: 1, x: []int{0, 0, 0}}
	for d := 0; d <= min(len(a)+len(b), maxEdits); d++ {
		trace = append(trace, v)
		next := front{d: d + 1, x: make([]int, 2*d+3)}
		for k := -d - 1; k <= d+1; k++ {
			next.x[k+d+1] = v.at(k)
		}
		for k := -d; k <= d; k += 2 {
			x := v.at(k-1) + 1
			if k == -d || k != d && v.at(k-1) < v.at(k+1) {
				x = v.at(k + 1)
			}
			y := x - k
			for x < len(a) && y < len(b) && x >= 0 && y >= 0 && a[x] == b[y] {
				x, y = x+1, y+1
			}
			next.x[k+d+1] = x
			if x >= len(a) && y >= len(b) {
				return trace, true
			}
		}
		v = next
	}
	return nil, false
}
