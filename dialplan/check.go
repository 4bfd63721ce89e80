package dialplan

import "slices"

// check looks at the plan as a whole, once every part of it is sound: the graph of all steps is walked for steps that
// nothing reaches, digits asked for before an answer, loops without an exit, and extensions that others hide.
func (c *compiler) check() {
	g := newGraph(c.plan)
	c.checkMedia(g)
	c.checkReach(g)
	c.checkLoops(g)
	for _, ctx := range c.plan.ordered {
		c.checkShadows(ctx)
	}
}

// checkMedia spreads "nothing has opened media yet" from the extensions that a call can begin in, and reports where
// digits or background sounds would be asked for in that state.
func (c *compiler) checkMedia(g *graph) {
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
		if n.op != nil && n.op.app != nil && n.op.app.Media == NeedsMedia && n.op.when == nil {
			c.l.Errorf(n.op.pos, codeMedia, "put 'answer' (or 'progress') before it", "'%s' can be reached before the call was answered", n.op.name)
			continue
		}
		if n.opens() {
			continue
		}
		after := -1 // what follows a gosub whose own steps open media
		if f := n.gosub(); f != nil && f.to != nil && f.to.ext != nil && opensSomewhere(f.to.ext) {
			after = n.next[len(n.next)-1]
		}
		for _, to := range n.next {
			if to != after {
				push(to)
			}
		}
	}
}

// opens tells whether media are open after the step, whatever happens.
func (n node) opens() bool {
	return n.op != nil && n.op.app != nil && n.op.app.Media == OpensMedia && n.op.when == nil
}

func (n node) gosub() *gosubFlow {
	if n.op == nil {
		return nil
	}
	f, _ := n.op.flow.(*gosubFlow)
	return f
}

func opensSomewhere(x *Extension) bool {
	return slices.ContainsFunc(x.ops, func(o *op) bool { return node{op: o}.opens() })
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

// roots are the contexts that no other one includes or branches to; all, when each has such another.
func (c *compiler) roots() []*Context {
	led := map[string]bool{}
	for _, ctx := range c.plan.ordered {
		for _, inc := range ctx.includes {
			led[inc.context.Name] = true
		}
		for _, x := range ctx.extens {
			for _, o := range x.ops {
				for _, d := range o.dests() {
					led[d.place.Context] = led[d.place.Context] || d.place.Context != ctx.Name
				}
			}
		}
	}
	out := slices.DeleteFunc(slices.Clone(c.plan.ordered), func(ctx *Context) bool { return led[ctx.Name] })
	if len(out) == 0 {
		return c.plan.ordered
	}
	return out
}

// checkReach reports the first step of each row of steps that nothing reaches inside its extension.
func (c *compiler) checkReach(g *graph) {
	reached := make([]bool, len(g.nodes))
	var work []int
	push := func(n int) {
		if !reached[n] {
			reached[n] = true
			work = append(work, n)
		}
	}
	for _, ctx := range c.plan.ordered {
		for _, x := range ctx.extens {
			push(g.start[x])
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range g.nodes[n].next {
			push(to)
		}
	}
	for _, ctx := range c.plan.ordered {
		for _, x := range ctx.extens {
			for i, o := range x.ops {
				if n := g.start[x] + i; !reached[n] && (i == 0 || reached[n-1]) {
					c.l.Warnf(o.pos, codeDead, "give it a label and go to it, or remove it", "'%s' is never reached", o.name)
				}
			}
		}
	}
}
