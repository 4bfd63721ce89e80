package apps

import (
	"fmt"
	"strings"

	"ringway/dialplan"
)

// Table writes the documentation of all steps in Markdown: control steps first, then the applications.
func Table() string {
	var b strings.Builder
	b.WriteString("# Steps of the dialplan\n\nThis page is generated from the list of applications; `go test ./dialplan/apps -update` rewrites it.\n\n")
	b.WriteString("Every step may also have `label:` (a name to go to), `when:` (a condition without which it is skipped), and, where it has results, `on: {result: place}`.\n\n")
	b.WriteString("## Control\n\n| step | form | what it does |\n| --- | --- | --- |\n")
	for _, c := range dialplan.Controls() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", c.Name, strings.ReplaceAll(c.Form, "|", "\\|"), c.Doc)
	}
	b.WriteString("\n## Applications\n\n| application | what it does | results |\n| --- | --- | --- |\n")
	for _, a := range All() {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", a.Name, a.Name, a.Doc, code(a.Results))
	}
	for _, a := range All() {
		writeApp(&b, a)
	}
	return b.String()
}

func writeApp(b *strings.Builder, a dialplan.App) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n", a.Name, a.Doc)
	switch a.Media {
	case dialplan.NeedsMedia:
		b.WriteString("\nThe call must have been answered, or `progress` must have opened early media.\n")
	case dialplan.OpensMedia, dialplan.AnyMedia:
	}
	if len(a.EndsOn) > 0 {
		fmt.Fprintf(b, "\nAfter %s the call ends, unless `on:` goes elsewhere.\n", code(a.EndsOn))
	}
	if len(a.Args) == 0 {
		return
	}
	b.WriteString("\n| argument | type | default | meaning |\n| --- | --- | --- | --- |\n")
	for _, arg := range a.Args {
		name, def := "`"+arg.Name+"`", ""
		if arg.Name == a.Main {
			name += " (main)"
		}
		switch {
		case arg.Required:
			def = "required"
		case arg.Default != "":
			def = "`" + arg.Default + "`"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", name, arg.Type, def, arg.Doc)
	}
}

func code(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "`" + w + "`"
	}
	return strings.Join(out, ", ")
}
