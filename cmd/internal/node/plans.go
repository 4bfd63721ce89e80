package node

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ringway/config"
	"ringway/config/diag"
	"ringway/config/revise"
	"ringway/config/schema"
	"ringway/console"
	"ringway/sip/trunk"
	"ringway/store"
)

// maxChecks is how many checks and simulations run at once: editors ask as people type, and calls come first.
const maxChecks = 2

// plans are the configuration files as the console works with them.
type plans struct {
	n     *Node
	masks *revise.Masks
	disk  revise.Disk
	gate  chan struct{}
}

func newPlans(n *Node) *plans {
	return &plans{n: n, masks: revise.NewMasks(), gate: make(chan struct{}, maxChecks)}
}

// enter waits for a place; the answer gives it back.
func (p *plans) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.gate <- struct{}{}:
		return func() { <-p.gate }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Files are the files on the disk.
func (p *plans) Files(context.Context) (console.ConfigFiles, error) {
	c := p.n.config()
	files, version, err := config.Texts(c.Dir)
	if err != nil {
		return console.ConfigFiles{}, err
	}
	return console.ConfigFiles{Version: version, InForce: c.Version, Pending: version != c.Version, Files: p.shown(files)}, nil
}

// shown are files with masks for secrets, ringway.yaml first.
func (p *plans) shown(files map[string]string) []console.ConfigFile {
	out := []console.ConfigFile{}
	for _, name := range sortedNames(files) {
		text, ok := p.masks.Hide(name, files[name])
		f := console.ConfigFile{Path: name, Text: text, Hidden: !ok}
		if name == "ringway.yaml" {
			out = append([]console.ConfigFile{f}, out...)
		} else {
			out = append(out, f)
		}
	}
	return out
}

// hidden are the texts of files with masks.
func (p *plans) hidden(files map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range p.shown(files) {
		out[f.Path] = f.Text
	}
	return out
}

// draft is a draft that was read: with its secrets, compiled.
type draft struct {
	over   config.Overlay
	shifts map[string][]revise.Shift
	next   *config.Config // nil where it has errors
	found  *diag.List
	source func(file string) []byte
}

// read compiles the folder with a draft laid over it, against the configuration in force.
func (p *plans) read(d console.Draft) *draft {
	out := &draft{over: config.Overlay{}, shifts: map[string][]revise.Shift{}}
	var masks diag.List
	for name, text := range d {
		if text == nil {
			out.over[name] = nil
			continue
		}
		if strings.HasPrefix(*text, revise.WithheldPrefix) {
			masks.Errorf(diag.Pos{File: name, Line: 1, Col: 1}, "CF009", "edit it on the machine", "this stands for a file that was not shown: it can't be sent back")
			continue
		}
		whole, shifts := p.masks.Reveal(name, *text, &masks)
		out.over[name], out.shifts[name] = &whole, shifts
	}
	old := p.n.config()
	out.next, out.found, out.source = config.LoadOver(old.Dir, out.over)
	if out.next != nil {
		refuseRestart(old, out.next, out.found)
		if err := p.n.fits(out.next); err != nil {
			out.found.Errorf(diag.Pos{File: "ringway.yaml", Line: 1, Col: 1}, "CF006", "", "%v", err)
		}
	}
	for _, f := range masks.All() {
		out.found.Add(f)
	}
	return out
}

// fits tells what only the running switch can tell of a configuration, without changing anything.
func (n *Node) fits(c *config.Config) error {
	if _, err := newDirectory(c, n.ownHosts()); err != nil {
		return err
	}
	_, err := trunk.NewSet(trunkSpecs(c), trunk.Options{Now: n.clock.Now})
	return err
}

// findings are the findings as an editor shows them: where the text that it sent has them.
func (d *draft) findings() []console.Finding {
	out := []console.Finding{}
	lines := map[string][]string{}
	place := func(p diag.Pos) console.Position {
		at := console.PositionOf(p)
		at.Column = revise.Back(d.shifts[p.File], p.Line, p.Col)
		return at
	}
	for _, f := range d.found.All() {
		if _, ok := lines[f.Pos.File]; !ok {
			lines[f.Pos.File] = strings.Split(string(d.source(f.Pos.File)), "\n")
		}
		v := console.FindingOf(f)
		v.Position = place(f.Pos)
		v.EndLine, v.EndColumn = v.Line, v.Column
		if n := f.Pos.Line; f.Pos.Col > 0 && n > 0 && n <= len(lines[f.Pos.File]) {
			v.EndColumn = max(v.Column+1, revise.Back(d.shifts[f.Pos.File], n, diag.EndOfWord(lines[f.Pos.File][n-1], f.Pos.Col)))
		}
		for _, r := range f.Related {
			v.Related = append(v.Related, console.RelatedFinding{Position: place(r.Pos), Message: r.Message})
		}
		out = append(out, v)
	}
	return out
}

func (d *draft) ok() bool { return d.next != nil && !d.found.HasErrors() }

// Check checks the folder with a draft laid over it.
func (p *plans) Check(ctx context.Context, files console.Draft) (console.Checked, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return console.Checked{}, err
	}
	defer leave()
	d := p.read(files)
	out := console.Checked{OK: d.ok(), Findings: d.findings()}
	if d.next != nil {
		out.Version = d.next.Version
	}
	return out, nil
}

// Preview compares the folder with a draft laid over it.
func (p *plans) Preview(ctx context.Context, files console.Draft) (console.ConfigDiff, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return console.ConfigDiff{}, err
	}
	defer leave()
	d := p.read(files)
	now, version, err := config.Texts(p.n.config().Dir)
	if err != nil {
		return console.ConfigDiff{}, err
	}
	next := map[string]string{}
	for name, text := range now {
		next[name] = text
	}
	for name, text := range d.over {
		if delete(next, name); text != nil {
			next[name] = *text
		}
	}
	out := p.compare(now, next)
	out.From, out.To, out.OK, out.Findings = version, "draft", d.ok(), d.findings()
	return out, nil
}

// compare compares two sets of files; their masks tell secrets apart.
func (p *plans) compare(a, b map[string]string) console.ConfigDiff {
	a, b = p.hidden(a), p.hidden(b)
	out := console.ConfigDiff{Files: []console.ConfigFileDiff{}, Changes: []console.ConfigChange{}}
	for _, f := range revise.Diff(a, b) {
		out.Files = append(out.Files, console.ConfigFileDiff{Path: f.Path, Change: string(f.Change), Text: f.Text})
	}
	for _, c := range revise.Words(a, b) {
		told := console.ConfigChange{Kind: string(c.Kind), Noun: c.Noun, Name: c.Name, Text: c.Text, More: c.More}
		for _, d := range c.Details {
			told.Details = append(told.Details, console.ConfigDifference{Kind: string(d.Kind), Key: d.Key, Item: d.Item, From: d.From, To: d.To})
		}
		out.Changes = append(out.Changes, told)
	}
	return out
}

// Versions lists what was in force, newest first.
func (p *plans) Versions(ctx context.Context, before int64, limit int) ([]console.ConfigVersion, error) {
	list, err := p.n.tables.PlanVersions(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	last, err := p.n.tables.PlanVersionOf(ctx, p.n.config().Version)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	out := []console.ConfigVersion{}
	for _, v := range list {
		out = append(out, versionView(v, last.Number))
	}
	return out, nil
}

func versionView(v store.PlanVersion, inForce int64) console.ConfigVersion {
	return console.ConfigVersion{Number: v.Number, Version: v.Version, At: v.At, By: v.By, Origin: string(v.Origin), Comment: v.Comment,
		InForce: v.Number == inForce}
}

// Version is one with its files.
func (p *plans) Version(ctx context.Context, name string) (console.ConfigVersion, error) {
	v, err := p.version(ctx, name)
	if err != nil {
		return console.ConfigVersion{}, err
	}
	last, err := p.n.tables.PlanVersionOf(ctx, p.n.config().Version)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return console.ConfigVersion{}, err
	}
	out := versionView(v, last.Number)
	out.Files = p.shown(v.Files)
	return out, nil
}

// onDisk names what lies on the disk.
const onDisk = "current"

// version finds one by number, version or "current".
func (p *plans) version(ctx context.Context, name string) (store.PlanVersion, error) {
	const hash = 12 // digits of a version, so that a number is never one
	switch number, err := strconv.ParseInt(name, 10, 64); {
	case name == onDisk:
		files, version, err := config.Texts(p.n.config().Dir)
		return store.PlanVersion{Version: version, Files: files}, err
	case err == nil && len(name) < hash:
		return p.found(p.n.tables.PlanVersion(ctx, number))
	}
	return p.found(p.n.tables.PlanVersionOf(ctx, name))
}

func (p *plans) found(v store.PlanVersion, err error) (store.PlanVersion, error) {
	if errors.Is(err, store.ErrNotFound) {
		return v, fmt.Errorf("%w version of the configuration", console.ErrUnknown)
	}
	return v, err
}

// Diff compares two versions.
func (p *plans) Diff(ctx context.Context, from, to string) (console.ConfigDiff, error) {
	a, err := p.version(ctx, from)
	if err != nil {
		return console.ConfigDiff{}, err
	}
	b, err := p.version(ctx, to)
	if err != nil {
		return console.ConfigDiff{}, err
	}
	out := p.compare(a.Files, b.Files)
	out.From, out.To, out.OK = a.Version, b.Version, true
	return out, nil
}

// Schema is the JSON Schema of a kind of file, with the names that the configuration in force defines.
func (p *plans) Schema(file string) ([]byte, bool) {
	c := p.n.config()
	s, ok := schema.For(file, schema.Names{Contexts: c.Plan.Contexts(), Accounts: sortedNames(c.Settings.Accounts), Queues: c.Spec.QueueNames(),
		Trunks: sortedNames(c.Settings.Trunks), Prompts: c.Sounds.Prompts(), Music: c.Sounds.Music()})
	if !ok {
		return nil, false
	}
	text, err := s.JSON()
	return text, err == nil
}
