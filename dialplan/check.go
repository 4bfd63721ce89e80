package dialplan

import "slices"

// check looks at the plan as a whole: the graph of all steps is walked for digits asked for before an answer, steps and
// contexts that nothing reaches, loops without an exit, and extensions that others hide. A plan with mistakes is looked at
// too, so that all findings come at once: a step with a finding is taken to do and to lead to whatever may be meant.
func (c *compiler) check() {
	g := newGraph(c.plan)
	c.checkMedia(g)
	c.checkReach(g)
	c.checkContexts(g)
	c.checkLoops(g)
	for _, ctx := range c.plan.ordered {
		c.checkShadows(ctx)
	}
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
