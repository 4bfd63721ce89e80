package ledger

import (
	"time"

	"ringway/store"
)

// durations are a sum and the longest, with its call.
type durations struct {
	Sum, Longest time.Duration
	Of           string
}

func (d *durations) add(x time.Duration, call string) {
	d.Sum += x
	d.longest(x, call)
}

func (d *durations) longest(x time.Duration, call string) {
	if x > d.Longest {
		d.Longest, d.Of = x, call
	}
}

// longer is the one of two with the longest.
func (d durations) longer(o durations) durations {
	if o.Longest > d.Longest {
		return o
	}
	return d
}

// handling is the whole time of one conversation, not cut at any span.
type handling struct{ talk, hold, wrap time.Duration }

// handlings gathers the conversations' times: talk and hold from the call's own segments, after-call work from the visit.
func (b *Books) handlings() map[string]*handling {
	all := map[string]*handling{}
	of := func(visit string) *handling {
		h := all[visit]
		if h == nil {
			h = &handling{}
			all[visit] = h
		}
		return h
	}
	for _, s := range b.Calls {
		if s.Visit == "" {
			continue
		}
		switch s.Bucket {
		case Talk:
			of(s.Visit).talk += s.End.Sub(s.Start)
		case Hold, Consult:
			of(s.Visit).hold += s.End.Sub(s.Start)
		}
	}
	for _, v := range b.Visits {
		if v.WrapUp > 0 {
			of(v.ID).wrap = v.WrapUp
		}
	}
	return all
}

// add counts one connected visit.
func (w *Work) add(v Visit, h *handling) {
	w.Handled++
	if v.ByTransfer {
		w.ByTransfer++
	}
	switch v.EndReason {
	case store.TransferBlind:
		w.TransferBlind++
	case store.TransferAttended:
		w.TransferAtt++
	}
	if h == nil {
		h = &handling{}
	}
	w.Talk.add(h.talk, v.Call)
	w.Hold.add(h.hold, v.Call)
	w.Wrap.add(h.wrap, v.Call)
}

// sum is talk + hold + wrap-up.
func (w Work) sum() time.Duration { return w.Talk.Sum + w.Hold.Sum + w.Wrap.Sum }
