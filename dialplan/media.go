package dialplan

// checkMedia spreads "nothing has opened media yet" from the extensions that a call can begin in, and reports where
// digits or background sounds would be asked for in that state. A step that may be left out by its `when` opens nothing,
// and asks all the same.
func (c *compiler) checkMedia(g *graph) {
	comesBack := g.returnsClosed()
	closed := make([]bool, len(g.nodes))
	var work []int
	push := func(n int) {
		if !closed[n] {
			closed[n] = true
			work = append(work, n)
		}
	}
	for _, ctx := range c.entries() {
		for _, x := range ctx.visible() {
			if x.Name != "t" && x.Name != "h" {
				push(g.start[x])
			}
		}
	}
	for len(work) > 0 {
		n := g.nodes[work[len(work)-1]]
		work = work[:len(work)-1]
		if n.op != nil && n.op.app != nil && n.op.app.Media == NeedsMedia {
			c.l.Errorf(n.op.pos, codeMedia, "put 'answer' (or 'progress') before it", "'%s' can be reached before the call was answered", n.op.name)
			if n.op.when == nil {
				continue
			}
		}
		if n.opens() {
			continue
		}
		sub, after, isSub := n.gosub()
		for _, to := range n.next {
			if isSub && to == after && n.op.when == nil && !comesBack[sub] {
				continue
			}
			push(to)
		}
	}
}

// opens tells whether media are open after the step, whatever happens. A step with a finding may be meant to open them.
func (n node) opens() bool {
	switch {
	case n.op == nil:
		return false
	case n.op.unsure():
		return true
	}
	return n.op.app != nil && n.op.app.Media == OpensMedia && n.op.when == nil
}

// gosub returns where a gosub goes and where it comes back to.
func (n node) gosub() (sub, after int, ok bool) {
	if n.op == nil {
		return 0, 0, false
	}
	f, ok := n.op.flow.(*gosubFlow)
	if !ok || f.to == nil {
		return 0, 0, false
	}
	return n.next[0], n.next[len(n.next)-1], true
}

// returnsClosed tells of each node whether a gosub that begins there can come back, at a `return` or the end of its
// steps, without a step that opened media on its way. It walks backwards from the returns. A gosub inside passes when
// both its own sub can come back so, and what follows it can:
//
//	gosub ──▶ sub ─▶ … ─▶ return
//	  └─────▶ after ─▶ … ─▶ return
func (g *graph) returnsClosed() []bool {
	out := make([]bool, len(g.nodes))
	back := make([][]int, len(g.nodes))  // plain steps before a node
	calls := make([][]int, len(g.nodes)) // gosubs that a node is the sub or the after of
	var work []int
	join := func(n int) {
		if !out[n] {
			out[n] = true
			work = append(work, n)
		}
	}
	for i, n := range g.nodes {
		if n.opens() {
			continue
		}
		if n.returns {
			join(i)
		}
		sub, after, isSub := n.gosub()
		if isSub {
			calls[sub], calls[after] = append(calls[sub], i), append(calls[after], i)
			if n.op.when != nil {
				back[after] = append(back[after], i)
			}
			continue
		}
		for _, to := range n.next {
			back[to] = append(back[to], i)
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, from := range back[n] {
			join(from)
		}
		for _, from := range calls[n] {
			if sub, after, _ := g.nodes[from].gosub(); out[sub] && out[after] {
				join(from)
			}
		}
	}
	return out
}

// entries are the contexts in which a call can begin; without a list of them, those that nothing else leads to.
func (c *compiler) entries() []*Context {
	if c.o.Entries == nil {
		return c.roots()
	}
	var out []*Context
	for _, name := range c.o.Entries {
		if ctx := c.plan.contexts[name]; ctx != nil {
			out = append(out, ctx)
		}
	}
	return out
}
