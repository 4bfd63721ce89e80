package node

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"syscall"

	"ringway/config"
	"ringway/console"
	"ringway/store"
)

// Apply writes a draft and brings it in force: calls that are up keep the plan that they began with.
func (p *plans) Apply(ctx context.Context, r console.ApplyRequest) (console.Applied, error) {
	v := store.PlanVersion{By: r.Who, Comment: r.Comment, Origin: store.PlanAPI}
	p.n.apply.Lock()
	defer p.n.apply.Unlock()
	return p.applyLocked(ctx, r.Files, r.Base, v)
}

// Rollback brings an old version in force: its files, and none that it did not have.
func (p *plans) Rollback(ctx context.Context, r console.RollbackRequest) (console.Applied, error) {
	old, err := p.version(ctx, r.Version)
	if err != nil {
		return console.Applied{}, err
	}
	p.n.apply.Lock()
	defer p.n.apply.Unlock()
	now, version, err := config.Texts(p.n.config().Dir)
	if err != nil {
		return console.Applied{}, err
	}
	files := console.Draft{}
	for name := range now {
		files[name] = nil
	}
	for name, text := range old.Files {
		files[name] = &text
	}
	if r.Base == "" {
		r.Base = version
	}
	v := store.PlanVersion{By: r.Who, Comment: r.Comment, Origin: store.PlanRollback}
	if v.Comment == "" && old.Number > 0 {
		v.Comment = fmt.Sprintf("back to version %d", old.Number)
	}
	return p.applyLocked(ctx, files, r.Base, v)
}

// applyLocked checks, writes, installs and keeps. One runs at a time; nothing of it waits for a call.
func (p *plans) applyLocked(ctx context.Context, files console.Draft, base string, v store.PlanVersion) (console.Applied, error) {
	n := p.n
	before, version, err := config.Texts(n.config().Dir)
	if err != nil {
		return console.Applied{}, err
	}
	if base != version {
		return console.Applied{}, fmt.Errorf("%w (%s, not %s)", console.ErrOutdated, version, base)
	}
	d := p.read(files)
	if !d.ok() {
		return console.Applied{}, &console.Refused{Findings: d.findings()}
	}
	out := console.Applied{Applied: true, Version: d.next.Version, Changes: p.compare(before, d.next.Files).Changes, Findings: d.findings()}
	change := config.Overlay{}
	for name, text := range d.over {
		if was, there := before[name]; text == nil && there || text != nil && (!there || was != *text) {
			change[name] = text
		}
	}
	if len(change) == 0 && d.next.Version == n.config().Version {
		last, err := n.tables.PlanVersionOf(ctx, out.Version)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return console.Applied{}, err
		}
		out.Number = last.Number
		return out, nil
	}
	if err := p.disk.Write(d.next.Dir, change); err != nil {
		return console.Applied{}, diskProblem(err)
	}
	if err := n.install(d.next); err != nil { // fits said that it can't fail
		back := config.Overlay{}
		for name := range change {
			back[name] = nil
			if text, there := before[name]; there {
				back[name] = &text
			}
		}
		return console.Applied{}, errors.Join(fmt.Errorf("%w: %w", console.ErrDraft, err), p.disk.Write(d.next.Dir, back))
	}
	out.Number = n.keepPlan(ctx, d.next, v)
	return out, nil
}

// diskProblem says in words why files can't be written.
func diskProblem(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", console.ErrDisk, err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EBUSY):
		return fmt.Errorf("%w: %w", console.ErrReadOnly, err)
	}
	return err
}

// install makes a checked configuration the one in force: calls that are up keep their plan, waiting callers meet the new queues
// at the next decision. n.apply is held.
func (n *Node) install(next *config.Config) error {
	d, err := newDirectory(next, n.ownHosts())
	if err == nil {
		err = n.put(next, d)
	}
	if err != nil {
		return err
	}
	n.router.Apply(next.Spec)
	n.hub.Applied()
	if n.staff != nil {
		n.staff.Applied()
	}
	n.applyHooks(next)
	n.event(store.Event{Kind: store.PlanApply, Reason: next.Version})
	n.log.Info("configuration applied", "version", next.Version)
	return nil
}

// keepPlan keeps a configuration that came in force. Where that fails, the log says so: the files are on the disk, and the next
// start keeps them.
func (n *Node) keepPlan(ctx context.Context, c *config.Config, v store.PlanVersion) int64 {
	v.Version, v.At, v.Files = c.Version, n.clock.Now(), c.Files
	number, err := n.tables.PutPlanVersion(context.WithoutCancel(ctx), v)
	if err != nil {
		n.log.Error("the configuration in force is not kept as a version", "version", c.Version, "err", err)
	}
	return number
}

// keepStart keeps what a start found on the disk, unless it is what was in force last.
func (n *Node) keepStart(ctx context.Context) {
	last, err := n.tables.PlanVersions(ctx, 0, 1)
	if err == nil && len(last) == 1 && last[0].Version == n.config().Version {
		return
	}
	n.keepPlan(ctx, n.config(), store.PlanVersion{Origin: store.PlanStart})
}

func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
