package dialplan

// graph is the plan as nodes and edges: one node for each step, one for the end of each extension, and one for each
// context that stands for "an extension that the caller types there".
type graph struct {
	nodes []node
	start map[*Extension]int // node of the first step; the others follow in order, then the end
	dials map[*Context]int
}

type node struct {
	op      *op        // nil for ends and typed extensions
	ext     *Extension // that it is a part of; nil for typed extensions
	next    []int
	exit    bool // the script can end here, or go where the graph does not know
	returns bool // a gosub comes back from here: a return, or the end of the steps
}

func newGraph(p *Plan) *graph {
	g := &graph{start: map[*Extension]int{}, dials: map[*Context]int{}}
	for _, ctx := range p.ordered {
		for _, x := range ctx.extens {
			g.start[x] = len(g.nodes)
			for _, o := range x.ops {
				g.nodes = append(g.nodes, node{op: o, ext: x})
			}
			g.nodes = append(g.nodes, node{ext: x, exit: true, returns: true})
		}
	}
	for _, ctx := range p.ordered {
		g.dials[ctx] = len(g.nodes)
		n := node{exit: true}
		for _, x := range ctx.visible() {
			n.next = append(n.next, g.start[x])
		}
		g.nodes = append(g.nodes, n)
	}
	for _, ctx := range p.ordered {
		for _, x := range ctx.extens {
			for i, o := range x.ops {
				g.connect(p, x, i, o)
			}
		}
	}
	return g
}

// connect draws the edges of one step.
func (g *graph) connect(p *Plan, x *Extension, i int, o *op) {
	base := g.start[x]
	n := &g.nodes[base+i]
	falls := true // goes on with the next step, as one that is not known does
	switch {
	case o.app != nil:
		falls = !o.app.Ends
		n.exit = o.app.Ends || len(o.app.EndsOn) > 0
		if o.app.Types {
			n.next = append(n.next, g.dials[p.contexts[x.Context]])
		}
		for _, d := range o.on {
			g.branch(n, d)
		}
	case o.flow != nil:
		falls = g.follow(n, o)
	}
	n.exit = n.exit || o.faulty
	if falls || o.when != nil {
		n.next = append(n.next, base+o.next)
	}
}

// follow draws the branches of a control step and tells whether it may also fall through.
func (g *graph) follow(n *node, o *op) bool {
	for _, d := range o.flow.branches() {
		g.branch(n, d)
	}
	switch f := o.flow.(type) {
	case *ifFlow, *gotoFlow:
		return false
	case *returnFlow:
		n.exit, n.returns = true, true
		return false
	case *gotoIfFlow:
		return f.then == nil || f.els == nil
	case *gotoIfTimeFlow:
		return f.then == nil || f.els == nil
	}
	return true
}

func (g *graph) branch(n *node, d *dest) {
	switch {
	case d == nil:
	case d.exten != nil:
		n.next = append(n.next, g.dials[d.context])
	default:
		n.next = append(n.next, g.start[d.ext]+d.at)
	}
}

// checkLoops reports circles of steps out of which no way leads.
func (c *compiler) checkLoops(g *graph) {
	escapes := g.escapes()
	seen := make([]bool, len(g.nodes))
	for i, n := range g.nodes {
		if n.op == nil || escapes[i] || seen[i] {
			continue
		}
		takesTime := false
		work := []int{i}
		seen[i] = true
		for len(work) > 0 {
			m := g.nodes[work[len(work)-1]]
			work = work[:len(work)-1]
			takesTime = takesTime || m.op != nil && m.op.app != nil && m.op.app.Lasts
			for _, to := range m.next {
				if !seen[to] {
					seen[to] = true
					work = append(work, to)
				}
			}
		}
		if takesTime {
			c.l.Warnf(n.op.pos, codeLoop, "leave it by a goto_if, or by on:", "from here the steps go round and round until the caller hangs up")
		} else {
			c.l.Errorf(n.op.pos, codeLoop, "leave it by a goto_if, or let time pass in it", "a loop without an exit")
		}
	}
}

// escapes tells for each node whether an exit can be reached from it, by walking the edges backwards from the exits.
func (g *graph) escapes() []bool {
	back := make([][]int, len(g.nodes))
	out := make([]bool, len(g.nodes))
	var work []int
	for i, n := range g.nodes {
		for _, to := range n.next {
			back[to] = append(back[to], i)
		}
		if n.exit {
			out[i] = true
			work = append(work, i)
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, from := range back[n] {
			if !out[from] {
				out[from] = true
				work = append(work, from)
			}
		}
	}
	return out
}
