package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/console"
	"ringway/sip/call"
	"ringway/sip/trace"
	"ringway/sip/transport"
	"ringway/store"
)

// tap is who sees every SIP message: the trace, and whoever asked at the start.
func (n *Node) tap() func(transport.Trace) {
	if n.o.Tap == nil {
		return n.trace.Tap
	}
	return func(t transport.Trace) {
		n.trace.Tap(t)
		n.o.Tap(t)
	}
}

// callIDs are those of a call that is up.
func (n *Node) callIDs(id string) []string {
	var out []string
	for _, d := range n.calls.Dialogs(id) {
		out = append(out, d.CallID)
	}
	return out
}

// traces are the SIP messages as the console shows them.
type traces struct{ n *Node }

// Ladder is the messages of one call: its legs are those that are up, and those on record.
func (t traces) Ladder(ctx context.Context, id string) (console.Ladder, error) {
	legs := t.n.calls.Dialogs(id)
	story, err := t.n.db.Story(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return console.Ladder{}, err
	}
	for _, l := range story.Legs {
		if !slices.ContainsFunc(legs, func(d call.Dialog) bool { return d.Leg == l.ID }) {
			legs = append(legs, call.Dialog{Leg: l.ID, CallID: l.SIPID, Direction: l.Direction, Agent: l.Agent, Account: l.Account, Trunk: l.Trunk,
				Remote: l.Remote, Start: l.Start})
		}
	}
	if len(legs) == 0 {
		return console.Ladder{}, fmt.Errorf("%w call %q, or one so young that it has no legs yet", console.ErrUnknown, id)
	}
	slices.SortStableFunc(legs, func(a, b call.Dialog) int { return a.Start.Compare(b.Start) })
	return t.ladder(id, legs), nil
}

func (t traces) ladder(id string, legs []call.Dialog) console.Ladder {
	out := console.Ladder{Call: id, Messages: []console.LadderMessage{}}
	var ids []string
	leg := map[string]string{}
	hub := console.LadderParty{ID: "switch", Kind: "switch", Label: t.n.config().Settings.Node}
	for _, d := range legs {
		p := console.LadderParty{ID: d.Leg, Kind: "callee", Label: t.label(d), Address: d.Remote, CallID: d.CallID}
		if d.Direction == store.In {
			p.Kind = "caller"
		}
		ids, leg[d.CallID] = append(ids, d.CallID), d.Leg
		out.Parties = append(out.Parties, p)
	}
	slices.SortStableFunc(out.Parties, func(a, b console.LadderParty) int { return strings.Compare(b.Kind, a.Kind) }) // callers first
	callers := 0
	for callers < len(out.Parties) && out.Parties[callers].Kind == "caller" {
		callers++
	}
	out.Parties = slices.Insert(out.Parties, callers, hub)
	messages, complete := t.n.trace.Messages(ids...)
	out.Complete = complete
	for _, m := range messages {
		out.Messages = append(out.Messages, t.arrow(m, leg[m.CallID], messages[0].At))
	}
	return out
}

// label is how people call the far side of a leg.
func (t traces) label(d call.Dialog) string {
	if p := t.n.config().Spec.Person(d.Agent); p != nil && p.Name != "" {
		return p.Name
	}
	for _, name := range []string{d.Agent, d.Account, d.Trunk} {
		if name != "" {
			return name
		}
	}
	if d.Direction == store.In {
		return "caller"
	}
	return d.Remote
}

func (t traces) arrow(m trace.Message, leg string, first time.Time) console.LadderMessage {
	from, to := trace.Ends(m, t.n.shown)
	text := strings.ToValidUTF8(trace.Masked(m.Text), "\uFFFD")
	out := console.LadderMessage{At: m.At, After: m.At.Sub(first).Seconds(), Party: leg, Direction: "out", Protocol: string(m.Flow.Proto),
		From: from.String(), To: to.String(), CallID: m.CallID, Text: text, CSeq: header(text, "cseq"),
		SDP: strings.Contains(text, "\r\n\r\nv=0")}
	if m.Incoming {
		out.Direction = "in"
	}
	_, out.Method, _ = strings.Cut(out.CSeq, " ")
	line, _, _ := strings.Cut(text, "\r\n")
	if rest, ok := strings.CutPrefix(line, "SIP/2.0 "); ok {
		out.Summary = rest
		code, _, _ := strings.Cut(rest, " ")
		out.Status, _ = strconv.Atoi(code) // no number is no status
	} else {
		out.Summary, _, _ = strings.Cut(line, " ")
	}
	return out
}

// header is the first value of a header.
func header(text, name string) string {
	head, _, _ := strings.Cut(text, "\r\n\r\n")
	for _, line := range strings.Split(head, "\r\n") {
		if key, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// shown is our address towards the far side of a flow.
func (n *Node) shown(f transport.Flow) netip.AddrPort { return n.transport.Shown(f) }

// StartCapture begins a capture.
func (t traces) StartCapture(_ context.Context, r console.CaptureRequest, who string) (console.CaptureView, error) {
	f := trace.Filter{Kind: trace.FilterKind(r.Filter.Kind), Value: r.Filter.Value}
	if _, up := t.n.calls.Call(f.Value); f.Kind == trace.ByCall && !up {
		return console.CaptureView{}, fmt.Errorf("%w: no call %q is up", console.ErrFilter, f.Value)
	}
	c, err := t.n.trace.Start(trace.Order{Filter: f, For: time.Duration(r.Seconds) * time.Second, Bytes: r.Bytes, By: who})
	switch {
	case errors.Is(err, trace.ErrFilter):
		return console.CaptureView{}, fmt.Errorf("%w: %w", console.ErrFilter, err)
	case err != nil:
		return console.CaptureView{}, fmt.Errorf("%w: %w", console.ErrCapture, err)
	}
	t.n.log.Info("a capture of SIP messages began", "filter", string(f.Kind), "until", c.Until)
	return t.view(c), nil
}

// Captures lists all.
func (t traces) Captures(context.Context) []console.CaptureView {
	out := []console.CaptureView{}
	for _, c := range t.n.trace.Captures() {
		out = append(out, t.view(c))
	}
	return out
}

func (t traces) view(c trace.Capture) console.CaptureView {
	_, account := t.n.config().Settings.Accounts[c.Filter.Value]
	return console.CaptureView{ID: c.ID, Filter: console.CaptureFilter{Kind: string(c.Filter.Kind), Value: c.Filter.Value}, State: string(c.State),
		Started: c.Started, Until: c.Until, By: c.By, Messages: c.Messages, Bytes: c.Bytes, MaxBytes: c.MaxBytes, Strange: c.Filter.Kind == trace.ByAccount && !account}
}

// StopCapture ends one.
func (t traces) StopCapture(_ context.Context, id string) (console.CaptureView, error) {
	c, err := t.n.trace.StopCapture(id)
	return t.view(c), captureProblem(err)
}

// DeleteCapture forgets one.
func (t traces) DeleteCapture(_ context.Context, id string) error {
	return captureProblem(t.n.trace.Delete(id))
}

// WriteCapture writes one as a pcap file.
func (t traces) WriteCapture(_ context.Context, id string, w io.Writer) error {
	messages, err := t.n.trace.Captured(id)
	if err != nil {
		return captureProblem(err)
	}
	return trace.WritePcap(w, messages, t.n.shown)
}

func captureProblem(err error) error {
	if errors.Is(err, trace.ErrNoCapture) {
		return fmt.Errorf("%w capture", console.ErrUnknown)
	}
	return err
}
