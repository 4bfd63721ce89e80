package dialplan

import (
	"ringway/config/diag"
	"ringway/config/expr"
)

// What goes on record beside opaque ids names nobody: events are kept when a customer is deleted. So a value that lands in
// an event must not come from the caller's name or number, directly or through variables.

// personalPaths are what tells who somebody is. A caller read as a whole is both.
var personalPaths = map[string]string{"caller.name": "a name", "caller.number": "a phone number", "caller": "a name and number"}

// source is one assignment as far as its value comes from others.
type source struct {
	to   string
	from []expr.Read
}

// findPersonal spreads "holds a name or a number" from assignment to assignment.
func (c *compiler) findPersonal(all []source) {
	c.personal = map[string]bool{}
	for progress := true; progress; {
		progress = false
		for _, s := range all {
			if !c.personal[s.to] && c.tells(s.from) != "" {
				c.personal[s.to], progress = true, true
			}
		}
	}
}

// tells says what of a person is among the reads, "" for nothing.
func (c *compiler) tells(reads []expr.Read) string {
	for _, r := range reads {
		if what := personalPaths[r.Path]; what != "" {
			return what
		}
		if c.personal[r.Path] {
			return "a name or number"
		}
	}
	return ""
}

// Opaque reports a text that goes on record and reads the caller's name or number.
func (a *Args) Opaque(t *expr.Template) {
	for _, r := range t.Reads() {
		if what := a.c.tells([]expr.Read{r}); what != "" {
			a.c.l.Errorf(r.Pos, codePersonal, "use an opaque id, such as caller.customer or call",
				"'%s' would put %s on record: it reads %s", a.app.Name, diag.Words(what), r.Path)
			return
		}
	}
}
