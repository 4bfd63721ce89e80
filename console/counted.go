package console

import (
	"context"
	"errors"

	"ringway/store"
	"ringway/store/ledger"
)

// summed is what each row of a list has in the sum that the list is behind; nothing where it is behind a count.
type summed struct {
	share ledger.Share
	in    []ledger.Span
}

// page reads one page of calls, each with what its visits say. Where it is behind a sum, what has nothing in it is left out, and
// the page is read on until something has, for a while.
func (a *API) page(ctx context.Context, q store.CallQuery, sum summed) (*body[Page[CallRow]], error) {
	for range emptyPages {
		out, err := a.onePage(ctx, q, sum)
		if err != nil || len(out.Body.Items) > 0 || out.Body.Next == "" {
			return out, err
		}
		q.Cursor = out.Body.Next
	}
	return a.onePage(ctx, q, sum)
}

// emptyPages bounds how many pages without anything to show are passed over.
const emptyPages = 4

func (a *API) onePage(ctx context.Context, q store.CallQuery, sum summed) (*body[Page[CallRow]], error) {
	found, err := a.Records.Calls(ctx, q)
	switch {
	case errors.Is(err, store.ErrCursor):
		return nil, badCursor()
	case err != nil:
		return nil, err
	}
	ids := make([]string, len(found.Calls))
	for i, c := range found.Calls {
		ids[i] = c.ID
	}
	visits, err := a.Records.VisitsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := map[string][]store.Visit{}
	for _, v := range visits {
		of[v.Call] = append(of[v.Call], v)
	}
	labels, err := a.labels(ctx, ids)
	if err != nil {
		return nil, err
	}
	figure, err := a.behind(ctx, q, visits, ids)
	if err != nil {
		return nil, err
	}
	shares, err := a.shares(ctx, sum, ids)
	if err != nil {
		return nil, err
	}
	out := Page[CallRow]{Items: []CallRow{}, Next: found.Next}
	for _, c := range found.Calls {
		row := callRow(c, of[c.ID])
		if sum.share != "" && !figure.take(shares, c.ID, sum.share.OfCalls()) {
			continue
		}
		row.Share = shares.of(c.ID)
		row.AgentName, row.Label = a.nameOf(row.Agent), labels[c.ID]
		row.Stays, row.Offers, row.Outcomes = figure.stays[c.ID], figure.offers[c.ID], figure.outcomes[c.ID]
		out.Items = append(out.Items, row)
	}
	return &body[Page[CallRow]]{out}, nil
}

// behind is what a figure counts whose calls are listed, by call: visits, offers, or what agents said; none where it counts calls.
type behind struct {
	stays    map[string][]StayRow
	offers   map[string][]OfferRow
	outcomes map[string][]SaidRow
}

// behind finds what a figure counts in the calls of a page.
func (a *API) behind(ctx context.Context, q store.CallQuery, visits []store.Visit, ids []string) (behind, error) {
	out := behind{map[string][]StayRow{}, map[string][]OfferRow{}, map[string][]SaidRow{}}
	if (q.Said.At != store.Within{}) {
		said, err := a.Records.OutcomesOf(ctx, ids)
		for _, o := range said {
			if q.CountsSaid(o) {
				out.outcomes[o.Call] = append(out.outcomes[o.Call], SaidRow{o.Agent, a.nameOf(o.Agent), o.Queue, o.At, a.label(o)})
			}
		}
		return out, err
	}
	of := map[string]store.Visit{}
	for _, v := range visits {
		of[v.ID] = v
		if q.CountsVisit(v) {
			out.stays[v.Call] = append(out.stays[v.Call], stayRow(v, a.nameOf(v.Agent)))
		}
	}
	if !q.CountsOffers() {
		return out, nil
	}
	offers, err := a.Records.OffersOf(ctx, ids)
	for _, o := range offers {
		if q.CountsOffer(o, of[o.Visit]) {
			out.offers[o.Call] = append(out.offers[o.Call], OfferRow{o.ID, o.Queue, o.Agent, a.nameOf(o.Agent), o.Start, string(o.Outcome)})
		}
	}
	return out, err
}

// shares are what calls, or their stays, have in a sum.
type shares map[string]float64

func (s shares) of(id string) *float64 {
	if v, has := s[id]; has {
		return &v
	}
	return nil
}

func (a *API) shares(ctx context.Context, sum summed, ids []string) (shares, error) {
	if sum.share == "" {
		return nil, nil
	}
	events, err := a.Records.EventsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	return ledger.Build(events, a.now()).Shares(sum.share, sum.in...), nil
}

// take gives each stay of a call what it has in a sum, leaves out those that have nothing, and says whether anything is left.
func (b behind) take(s shares, call string, ofCalls bool) bool {
	if ofCalls {
		return s.of(call) != nil
	}
	var left []StayRow
	for _, stay := range b.stays[call] {
		if stay.Share = s.of(stay.ID); stay.Share != nil {
			left = append(left, stay)
		}
	}
	b.stays[call] = left
	return len(left) > 0
}
