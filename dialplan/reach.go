package dialplan

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
			for _, at := range x.labels {
				if c.lost { // a branch with a mistake in it may mean this label
					push(g.start[x] + at)
				}
			}
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

// checkContexts reports the contexts that no call gets to from the entries. It is not asked where entries are not known,
// or where a branch or include with a mistake in it may lead anywhere.
func (c *compiler) checkContexts(g *graph) {
	if c.o.Entries == nil || c.lost {
		return
	}
	w := tour{g: g, plan: c.plan, contexts: map[*Context]bool{}, nodes: make([]bool, len(g.nodes))}
	for _, ctx := range c.entries() {
		w.enter(ctx)
		w.push(g.dials[ctx])
	}
	w.walk()
	for _, ctx := range c.plan.ordered {
		if !w.contexts[ctx] {
			c.l.Warnf(ctx.Pos, codeLonely, "name it as the 'context' of an account, app domain or trunk, include it, or remove it",
				"context '%s' is never reached", ctx.Name)
		}
	}
}

// tour finds all that calls get to.
type tour struct {
	g        *graph
	plan     *Plan
	contexts map[*Context]bool
	nodes    []bool
	work     []int
}

func (w *tour) push(n int) {
	if !w.nodes[n] {
		w.nodes[n] = true
		w.work = append(w.work, n)
	}
}

// enter makes a context one that calls are in: then its special extensions may run.
func (w *tour) enter(ctx *Context) {
	if ctx == nil || w.contexts[ctx] {
		return
	}
	w.contexts[ctx] = true
	for _, x := range ctx.visible() {
		if special[x.Name] {
			w.push(w.g.start[x])
		}
	}
}

func (w *tour) walk() {
	for len(w.work) > 0 {
		n := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		if x := w.g.nodes[n].ext; x != nil {
			w.enter(w.plan.contexts[x.Context])
		}
		if o := w.g.nodes[n].op; o != nil {
			for _, d := range o.dests() {
				w.enter(w.plan.contexts[d.place.Context])
			}
		}
		for _, to := range w.g.nodes[n].next {
			w.push(to)
		}
	}
}
