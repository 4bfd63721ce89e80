package dialplan

import "ringway/config/diag"

// checkShadows reports extensions of included contexts that the including context, or an include before, answers itself,
// and patterns whose numbers all belong to better ones.
func (c *compiler) checkShadows(ctx *Context) {
	for _, x := range ctx.extens {
		if isPattern(x.Name) && x.pattern.coveredBy(better(x, ctx.extens)) {
			c.l.Warnf(x.Pos, codeShadow, "", "every number of '%s' is taken by a better extension of the same context", x.Name)
		}
	}
	if len(ctx.includes) == 0 {
		return
	}
	before := newCover()
	before.add(ctx.extens)
	for _, inc := range ctx.includes {
		if inc.rule != nil {
			continue
		}
		theirs := inc.context.visible()
		for _, x := range theirs {
			if hidden, by := before.hides(x); hidden {
				c.shadow(inc, x, by)
			}
		}
		before.add(theirs)
	}
}

func (c *compiler) shadow(inc include, x, by *Extension) {
	f := diag.Doubtful(inc.pos, codeShadow, "dial it in a context of its own, or make the wider pattern narrower",
		"extension '%s' of '%s' is never reached through this include", x.Name, inc.context.Name)
	f.Related = []diag.Related{{Pos: x.Pos, Message: "the extension"}}
	if by != nil {
		f.Related = append(f.Related, diag.Related{Pos: by.Pos, Message: "hidden by '" + by.Name + "'"})
	}
	c.l.Add(f)
}

// better lists the patterns of the extensions that the search prefers to x.
func better(x *Extension, all []*Extension) []pattern {
	var out []pattern
	for _, y := range all {
		if y != x && !special[y.Name] && (!isPattern(y.Name) || y.pattern.compare(x.pattern) < 0) {
			out = append(out, y.pattern)
		}
	}
	return out
}

// cover is a set of extensions that are searched before others.
type cover struct {
	seen     map[*Extension]bool
	exact    map[string]*Extension
	patterns []*Extension
	all      []pattern
}

func newCover() *cover { return &cover{seen: map[*Extension]bool{}, exact: map[string]*Extension{}} }

func (c *cover) add(extens []*Extension) {
	for _, x := range extens {
		if special[x.Name] || c.seen[x] {
			continue
		}
		c.seen[x] = true
		c.all = append(c.all, x.pattern)
		if isPattern(x.Name) {
			c.patterns = append(c.patterns, x)
		} else if key := squash(x.Name); c.exact[key] == nil {
			c.exact[key] = x
		}
	}
}

// hides tells whether the set takes all numbers of x; by is the one that does so alone. An extension of the set itself,
// met again by another include, is not hidden.
func (c *cover) hides(x *Extension) (hidden bool, by *Extension) {
	if special[x.Name] || c.seen[x] {
		return false, nil
	}
	if !isPattern(x.Name) {
		number := squash(x.Name)
		if y := c.exact[number]; y != nil {
			return true, y
		}
		for _, y := range c.patterns {
			if y.pattern.matches(number) {
				return true, y
			}
		}
		return false, nil
	}
	for _, y := range c.patterns {
		if x.pattern.coveredBy([]pattern{y.pattern}) {
			return true, y
		}
	}
	return x.pattern.coveredBy(c.all), nil
}
