package registrar

import (
	"strconv"
	"time"

	"ringway/sip/location"
	"ringway/sip/transport"
	"ringway/store"
)

// Owner is whose address of record is registered, as authentication proved it.
type Owner struct {
	AOR        string
	Session    string    // of an app caller
	Credential time.Time // the end of the app credential: no binding outlives it; zero for phones
	Contacts   int       // bindings the AOR (for an app caller: the session) may have; 0 takes Options.Contacts
}

// limits are the registrar's bounds, defaults filled in.
type limits struct {
	least, most, usual time.Duration
	contacts           int
}

// input is everything a decision depends on.
type input struct {
	now     time.Time
	req     *request
	owner   Owner
	flow    transport.Flow
	current []location.Binding // live ones
	limits  limits
}

// decide returns the bindings after the request, or why it is refused. It changes nothing, and the bindings it returns
// are all or none: a request with one bad contact leaves all as they were (§10.3 step 7).
//
//	no Contact                                  → as they are (fetch)
//	same Call-ID, equal CSeq                    → as they are (a retransmission)
//	same Call-ID, lower CSeq                    → 500
//	*, Expires: 0                               → none
//	expires 0                                   → without that one
//	0 < expires < least                         → 423
//	more than the owner may have                → 403; of an app session the oldest goes instead
func decide(in input) (next []location.Binding, changed bool, no *refusal) {
	if len(in.req.contacts) == 0 {
		return in.current, false, nil
	}
	switch order(in.req, in.current) {
	case again:
		return in.current, false, nil
	case late:
		return nil, false, &refusal{status: 500, reason: "CSeq Lower Than Before"}
	}
	if in.req.star {
		return nil, len(in.current) > 0, nil
	}
	next = append(next, in.current...)
	for i := range in.req.contacts {
		c := &in.req.contacts[i]
		life, no := in.lifetime(c)
		if no != nil {
			return nil, false, no
		}
		next = in.apply(next, c, life)
	}
	if next, no = in.bound(next); no != nil {
		return nil, false, no
	}
	return next, true, nil
}

// sequence is how a request stands to the bindings that its Call-ID made.
type sequence int

const (
	newer sequence = iota
	again
	late
)

// order compares CSeq with the bindings of the same Call-ID (§10.3 step 7). A phone with several flows (RFC 5626) counts
// each for itself.
func order(r *request, current []location.Binding) sequence {
	verdict := newer
	for i := range current {
		b := &current[i]
		switch {
		case b.CallID != r.callID || !r.concerns(b):
		case b.CSeq > r.cseq:
			return late
		case b.CSeq == r.cseq:
			verdict = again
		}
	}
	return verdict
}

func (r *request) concerns(b *location.Binding) bool {
	if b.RegID == 0 || r.star || !r.outbound {
		return true
	}
	for i := range r.contacts {
		if r.contacts[i].regID == 0 || r.contacts[i].regID == b.RegID {
			return true
		}
	}
	return false
}

// lifetime is how long a contact is to stay, 0 for one to be removed.
func (in *input) lifetime(c *contact) (time.Duration, *refusal) {
	asked := c.expires
	if asked < 0 {
		asked = in.req.expires
	}
	life := in.limits.usual
	if asked >= 0 {
		life = time.Duration(asked) * time.Second
	}
	if life == 0 {
		return 0, nil
	}
	if life < in.limits.least {
		least := strconv.Itoa(int(in.limits.least / time.Second))
		return 0, &refusal{423, "Interval Too Brief", [][2]string{{"Min-Expires", least}}}
	}
	life = min(life, in.limits.most)
	if !in.owner.Credential.IsZero() {
		life = min(life, in.owner.Credential.Sub(in.now.Round(0)).Truncate(time.Second))
		if life <= 0 {
			return 0, &refusal{status: 403, reason: "Credential Has Ended"}
		}
	}
	return life, nil
}

// apply puts one contact in its place among the bindings, or takes it out.
func (in *input) apply(list []location.Binding, c *contact, life time.Duration) []location.Binding {
	b := in.binding(c, life)
	place := -1
	kept := list[:0:0]
	for i := range list {
		if !list[i].Same(&b) {
			kept = append(kept, list[i])
		} else if place < 0 && life > 0 {
			place = len(kept)
			kept = append(kept, b)
		}
	}
	if place < 0 && life > 0 {
		kept = append(kept, b)
	}
	return kept
}

func (in *input) binding(c *contact, life time.Duration) location.Binding {
	b := location.Binding{
		Binding: store.Binding{
			AOR: in.owner.AOR, Contact: c.uri, InstanceID: c.instance, Q: c.q,
			CallID: in.req.callID, CSeq: in.req.cseq, Path: in.req.path, UserAgent: in.req.userAgent,
			Transport: string(in.flow.Proto), Expires: in.now.Add(life), Updated: in.now,
			Credential: in.owner.Credential, Session: in.owner.Session,
		},
		Params: c.params, Flow: in.flow,
	}
	if in.req.outbound {
		b.RegID = c.regID
	}
	if in.flow.Remote.IsValid() {
		b.Received, b.Local = in.flow.Remote.String(), in.flow.Local.String()
	}
	return b
}

// bound holds the number of bindings. A phone that has too many is refused, so that its others stay; an app that changed
// its network cannot remove what it no longer knows, so the oldest of its session goes. Nor can a phone that lost its
// connection, or its power: the oldest that it made itself, by its instance, goes.
func (in *input) bound(list []location.Binding) ([]location.Binding, *refusal) {
	most := in.owner.Contacts
	if most <= 0 {
		most = in.limits.contacts
	}
	count, oldest, left := 0, -1, -1
	for i := range list {
		if in.owner.Session != "" && list[i].Session != in.owner.Session {
			continue
		}
		count++
		if oldest < 0 || list[i].Updated.Before(list[oldest].Updated) {
			oldest = i
		}
		if in.leftBehind(&list[i]) && (left < 0 || list[i].Updated.Before(list[left].Updated)) {
			left = i
		}
	}
	if in.owner.Session == "" && left >= 0 {
		oldest = left
	}
	switch {
	case count <= most && (in.owner.Session == "" || len(list) <= appFactor*most):
		return list, nil
	case (in.owner.Session != "" || left >= 0) && count > most && len(in.req.contacts) <= most:
		kept := append(list[:oldest:oldest], list[oldest+1:]...)
		return in.bound(kept)
	}
	return nil, &refusal{status: 403, reason: "Too Many Contacts"}
}

// leftBehind tells whether the phone that asks made a binding before, and does not speak of it now.
func (in *input) leftBehind(b *location.Binding) bool {
	if b.InstanceID == "" || b.Updated.Equal(in.now) {
		return false
	}
	mine := false
	for i := range in.req.contacts {
		c := &in.req.contacts[i]
		if location.SameURI(c.uri, b.Contact) {
			return false
		}
		mine = mine || c.instance == b.InstanceID
	}
	return mine
}

// appFactor is how many sessions' worth of contacts one app customer may have.
const appFactor = 8
