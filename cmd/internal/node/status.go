package node

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"ringway/acd"
	"ringway/console"
	"ringway/store"
)

// Status tells how the switch is doing.
func (n *Node) Status(ctx context.Context) console.Status {
	s := console.Status{
		Node: n.config().Settings.Node, Version: n.o.Version, Config: n.config().Version, Started: n.started,
		Zone: n.config().Settings.Zone, Listeners: n.Addrs(), Calls: len(n.calls.Calls()), Bindings: n.location.Len(),
	}
	if snap, err := n.router.Snapshot(ctx); err == nil {
		for _, q := range snap.Queues {
			s.Waiting += len(q.Waiting)
		}
		for _, a := range snap.Agents {
			if a.State != store.Offline {
				s.Agents++
			}
		}
	}
	h := n.records.Health()
	s.Records = console.RecordsHealth{Degraded: !h.OK, Waiting: int(h.Waiting.Total()), Lost: h.Lost.Total(), Error: h.Error}
	s.Network = n.network()
	return s
}

// network tells what came in and was lost.
func (n *Node) network() console.NetworkHealth {
	sip, media := n.transport.Stats(), n.media.Stats()
	return console.NetworkHealth{SIPDropped: sip.Overflow, RTPDropped: media.Overflow, SIPShed: sip.Overload,
		SIPBuffer: sip.ReceiveBuffer, RTPBuffer: media.BufferSize}
}

// Agents lists all people who serve queues.
func (n *Node) Agents(ctx context.Context) []console.AgentView {
	out := []console.AgentView{}
	snap, err := n.router.Snapshot(ctx)
	if err != nil {
		return out
	}
	for _, a := range snap.Agents {
		out = append(out, n.agentView(a))
	}
	return out
}

func (n *Node) agentView(a acd.AgentView) console.AgentView {
	v := console.AgentView{ID: a.ID, Name: a.Name, Team: a.Team, State: string(a.State), Reason: a.Reason, Since: a.Since, Queues: a.Queues,
		Call: a.Call, Reachable: a.Reachable}
	if p := n.config().Spec.Person(a.ID); p != nil {
		v.Robot = p.Robot
	}
	return v
}

// agentVerbs are the words of the command line.
var agentVerbs = map[string]acd.Verb{"join": acd.Join, "leave": acd.LeaveVerb, "pause": acd.Pause, "resume": acd.Resume}

// refusals say in words why a command was not carried out.
var refusals = map[acd.ReplyCode]string{
	acd.NotAllowed: "may not serve it: see 'members' in queues.yaml",
	acd.NotJoined:  "is in no queue: join one first",
	acd.DeskInUse:  "the account belongs to another person",
	acd.BadReason:  "a reason is one short word of lower-case letters, digits, _ and -, as in lunch",
}

// Agent lets an agent join or leave queues, pause or resume.
func (n *Node) Agent(ctx context.Context, c console.AgentCommand) (console.AgentView, error) {
	r, err := n.router.Do(ctx, acd.Command{Agent: c.Agent, Verb: agentVerbs[c.Verb], Queue: c.Queue, Reason: c.Reason})
	switch {
	case err != nil:
		return console.AgentView{}, err
	case r.Code == acd.UnknownAgent:
		return console.AgentView{}, fmt.Errorf("%w agent %q: people.yaml has no such id", console.ErrUnknown, c.Agent)
	case r.Code == acd.UnknownQueue:
		return console.AgentView{}, fmt.Errorf("%w queue %q: queues.yaml has neither such a name nor number", console.ErrUnknown, c.Queue)
	case !r.OK():
		why := refusals[r.Code]
		if why == "" {
			why = strings.ReplaceAll(string(r.Code), "_", " ")
		}
		return console.AgentView{}, fmt.Errorf("%s: %s", c.Agent, why)
	}
	snap, err := n.router.Snapshot(ctx)
	if err != nil {
		return console.AgentView{}, err
	}
	for _, a := range snap.Agents {
		if a.ID == r.Agent {
			return n.agentView(a), nil
		}
	}
	return console.AgentView{}, fmt.Errorf("%w agent %q", console.ErrUnknown, c.Agent)
}

// Calls lists the calls that are up, oldest first.
func (n *Node) Calls(context.Context) []console.LiveCall {
	out := []console.LiveCall{}
	for _, c := range n.calls.Calls() {
		caller := c.Caller.Number
		if c.Caller.Name != "" {
			caller = c.Caller.Name + " <" + caller + ">"
		}
		out = append(out, console.LiveCall{ID: c.ID, Parent: c.Parent, Kind: string(c.Kind), Caller: caller, Dialed: c.Dialled,
			State: c.State.String(), Agent: n.personWith(c.With), By: c.Caller.Agent, Start: c.Start})
	}
	slices.SortFunc(out, func(a, b console.LiveCall) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	return out
}

// personWith is the person behind an account with whom a caller talks; what is no person's stays as it is.
func (n *Node) personWith(with string) string {
	spec := n.config().Spec
	if p := spec.PersonOf(with); p != nil && spec.Person(with) == nil {
		return p.ID
	}
	return with
}

// Bindings lists registered contacts.
func (n *Node) Bindings(context.Context) []console.BindingView {
	out := []console.BindingView{}
	for _, b := range n.location.All(n.clock.Now()) {
		out = append(out, console.BindingView{AOR: b.AOR, Contact: b.Contact, UserAgent: b.UserAgent, Expires: b.Expires})
	}
	return out
}
