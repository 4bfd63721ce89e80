package ledger

import (
	"time"

	"ringway/store"
)

// durations are a sum and the longest.
type durations struct{ Sum, Longest time.Duration }

func (d *durations) add(x time.Duration) {
	d.Sum += x
	d.Longest = max(d.Longest, x)
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
	w.Talk.add(h.talk)
	w.Hold.add(h.hold)
	w.Wrap.add(h.wrap)
}

// sum is talk + hold + wrap-up.
func (w Work) sum() time.Duration { return w.Talk.Sum + w.Hold.Sum + w.Wrap.Sum }
