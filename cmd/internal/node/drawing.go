package node

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ringway/config"
	"ringway/console"
)

// compiled is the configuration in force, or the folder with a draft laid over it; console.Refused where that has errors.
func (p *plans) compiled(files console.Draft) (*config.Config, error) {
	if len(files) == 0 {
		return p.n.config(), nil
	}
	d := p.read(files)
	if d.next == nil {
		return nil, &console.Refused{Findings: d.findings()}
	}
	return d.next, nil
}

// Graph is the dialplan as nodes and edges, with who comes in by which context.
func (p *plans) Graph(ctx context.Context, files console.Draft) (console.Graph, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return console.Graph{}, err
	}
	defer leave()
	c, err := p.compiled(files)
	if err != nil {
		return console.Graph{}, err
	}
	d := c.Plan.Draw()
	out := console.Graph{Version: c.Version, Entries: []console.GraphEntry{}, Contexts: []console.GraphContext{}, Extensions: []console.GraphExtension{},
		Edges: []console.GraphEdge{}}
	edge := func(e console.GraphEdge) {
		e.ID = strconv.Itoa(len(out.Edges) + 1)
		out.Edges = append(out.Edges, e)
	}
	for _, x := range d.Contexts {
		out.Contexts = append(out.Contexts, console.GraphContext{ID: x.ID, Name: x.Name, Position: console.PositionOf(x.Pos)})
		for _, e := range entriesOf(c, x.Name) {
			e.Context = x.Name
			out.Entries = append(out.Entries, e)
			edge(console.GraphEdge{From: e.ID, To: x.ID, Kind: "entry"})
		}
	}
	for _, x := range d.Extensions {
		v := console.GraphExtension{ID: x.ID, Context: x.Context, Name: x.Name, Kind: string(x.Kind), Position: console.PositionOf(x.Pos), Steps: []console.GraphStep{}}
		for i, s := range x.Steps {
			v.Steps = append(v.Steps, console.GraphStep{ID: s.ID, Index: i + 1, Depth: s.Depth, Name: s.Name, Label: s.Label, Text: s.Text, When: s.When,
				Position: console.PositionOf(s.Pos)})
		}
		out.Extensions = append(out.Extensions, v)
	}
	for _, e := range d.Edges {
		edge(console.GraphEdge{From: e.From, To: e.To, Kind: string(e.Kind), Label: e.Label})
	}
	return out, nil
}

// maxNamed is how many accounts an entry names.
const maxNamed = 3

// entriesOf are who comes in by a context: app domains and trunks by name, accounts together.
func entriesOf(c *config.Config, context string) []console.GraphEntry {
	var out []console.GraphEntry
	for _, name := range sortedNames(c.Settings.AppDomains) {
		if c.Settings.AppDomains[name].Context == context {
			out = append(out, console.GraphEntry{ID: "entry app " + name, Label: "app " + name})
		}
	}
	for _, name := range sortedNames(c.Settings.Trunks) {
		if c.Settings.Trunks[name].Context == context {
			out = append(out, console.GraphEntry{ID: "entry trunk " + name, Label: "trunk " + name})
		}
	}
	accounts := slices.DeleteFunc(sortedNames(c.Settings.Accounts), func(a string) bool { return c.Settings.Accounts[a].Context != context })
	if n := len(accounts); n > 0 {
		label := "phones " + strings.Join(accounts[:min(n, maxNamed)], ", ")
		if n > maxNamed {
			label = fmt.Sprintf("%s and %d more", label, n-maxNamed)
		}
		out = append(out, console.GraphEntry{ID: "entry phones " + context, Label: label})
	}
	return out
}
