package desk

import (
	"cmp"
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"ringway/acd"
	"ringway/store"
)

// words say why the router did not carry out a command.
var words = map[acd.ReplyCode]string{
	acd.UnknownAgent: ErrAgent.Error(),
	acd.UnknownQueue: "there is no such queue",
	acd.NotAllowed:   "you may not serve it: see 'members' in queues.yaml",
	acd.NotJoined:    "join a queue first",
	acd.BadReason:    "a reason is one short word of lower-case letters, digits, _ and -",
	acd.NoWrapUp:     "there is no wrap-up now",
	acd.Undisposed:   "say first what the call was about: this queue wants a disposition",
	acd.WrapUpLimit:  "this wrap-up can't be made any longer: see 'wrap_up_extension' in queues.yaml",
	acd.UnknownCode:  "the queue has no such disposition",
}

// do gives the router a command of an agent at her desk.
func (h *Hub) do(ctx context.Context, c acd.Command) error {
	c.Page = true
	r, err := h.o.Router.Do(ctx, c)
	switch {
	case err != nil:
		return err
	case r.OK():
		h.Touch(c.Agent)
		return nil
	}
	return Refusal{Code: string(r.Code), Words: cmp.Or(words[r.Code], string(r.Code))}
}

// Ready makes an agent ready: in all queues that she may serve, where she has joined none.
func (h *Hub) Ready(ctx context.Context, agent string) error {
	err := h.do(ctx, acd.Command{Agent: agent, Verb: acd.Resume})
	if refused(err, acd.NotJoined) {
		if err = h.do(ctx, acd.Command{Agent: agent, Verb: acd.Join}); err == nil {
			err = h.do(ctx, acd.Command{Agent: agent, Verb: acd.Resume})
		}
	}
	return err
}

func refused(err error, code acd.ReplyCode) bool {
	var r Refusal
	return errors.As(err, &r) && r.Code == string(code)
}

// NotReady makes an agent not ready, after the call where she has one.
func (h *Hub) NotReady(ctx context.Context, agent, reason string) error {
	return h.do(ctx, acd.Command{Agent: agent, Verb: acd.Pause, Reason: reason})
}

// Next says what follows the call or the wrap-up: available (or ""), not_ready with a reason, or offline, which leaves the
// queues now and shows when the call is over.
func (h *Hub) Next(ctx context.Context, agent, state, reason string) error {
	switch store.AgentBucket(state) {
	case "", store.Available:
		return h.Ready(ctx, agent)
	case store.Offline:
		return h.Leave(ctx, agent, "")
	}
	return h.NotReady(ctx, agent, reason)
}

// Join lets an agent serve a queue, or all that she may.
func (h *Hub) Join(ctx context.Context, agent, queue string) error {
	return h.do(ctx, acd.Command{Agent: agent, Verb: acd.Join, Queue: queue})
}

// Leave ends it, for a queue or for all.
func (h *Hub) Leave(ctx context.Context, agent, queue string) error {
	return h.do(ctx, acd.Command{Agent: agent, Verb: acd.LeaveVerb, Queue: queue})
}

// EndWrapUp ends the work after a call.
func (h *Hub) EndWrapUp(ctx context.Context, agent string) error {
	return h.do(ctx, acd.Command{Agent: agent, Verb: acd.EndWrapUp})
}

// ExtendWrapUp lengthens it.
func (h *Hub) ExtendWrapUp(ctx context.Context, agent string, by time.Duration) error {
	return h.do(ctx, acd.Command{Agent: agent, Verb: acd.ExtendWrapUp, By: by})
}

// Dispose keeps what a call was about: hers now, or one that she had.
func (h *Hub) Dispose(ctx context.Context, agent, call string, c Choice) error {
	cmd := acd.Command{Agent: agent, Verb: acd.Dispose, Call: call, Code: c.Code, Sub: c.Sub}
	err := h.do(ctx, cmd)
	if refused(err, acd.UnknownQueue) {
		var v store.Visit
		if v, _, err = h.served(ctx, agent, call); err != nil {
			return err
		}
		cmd.Queue = v.Queue
		err = h.do(ctx, cmd)
	}
	if err == nil {
		h.tell(func() {
			if mine := h.cards[cardKey{agent, call}]; mine != nil {
				mine.code, mine.sub = c.Code, c.Sub
				h.due[agent] = true
			}
		})
	}
	return err
}

// Write keeps what an agent wrote about a call: hers now, or one that she had.
func (h *Hub) Write(ctx context.Context, agent, call, text string) error {
	if utf8.RuneCountInString(text) > store.MaxNote {
		return ErrLong
	}
	customer, mine := "", false
	err := h.ask(ctx, func() error {
		c := h.cards[cardKey{agent, call}]
		if c != nil {
			c.note, c.wrote, customer, mine = text, true, c.customer, true
			h.due[agent] = true
		}
		return nil
	})
	if err == nil && !mine {
		_, customer, err = h.served(ctx, agent, call)
	}
	if err != nil {
		return err
	}
	h.o.Sink.Record(store.Record{Note: &store.CallNote{Call: call, Agent: agent, Customer: customer, Text: text, At: h.o.Now()}})
	return nil
}

// served finds the visit in which an agent had a call, and its customer.
func (h *Hub) served(ctx context.Context, agent, call string) (v store.Visit, customer string, err error) {
	s, err := h.o.Records.Story(ctx, call)
	if errors.Is(err, store.ErrNotFound) {
		return v, "", ErrNotHers
	} else if err != nil {
		return v, "", err
	}
	hers := false
	for _, x := range s.Visits {
		if x.Agent == agent {
			v, hers = x, true
		}
	}
	for _, l := range s.Legs {
		hers = hers || l.Agent == agent && !l.Answer.IsZero()
	}
	if !hers {
		return v, "", ErrNotHers
	}
	return v, s.Call.Customer, nil
}

// talking is the call that an agent has now.
func (h *Hub) talking(ctx context.Context, agent string) (string, error) {
	found, err := h.o.Router.Look(ctx, []string{agent})
	if err != nil {
		return "", err
	}
	if len(found) == 0 || found[0].Talk == nil {
		return "", ErrNoCall
	}
	return found[0].Talk.Call, nil
}

// control does something to the call that an agent has.
func (h *Hub) control(ctx context.Context, agent string, f func(call string) error) error {
	call, err := h.talking(ctx, agent)
	if err == nil {
		err = f(call)
	}
	h.Touch(agent)
	return err
}

// Hangup ends her part of it.
func (h *Hub) Hangup(ctx context.Context, agent string) error {
	return h.control(ctx, agent, func(call string) error { return h.o.Control.HangUpCall(ctx, agent, call) })
}

// Hold puts the customer on hold, or takes her back.
func (h *Hub) Hold(ctx context.Context, agent string, on bool) error {
	return h.control(ctx, agent, func(call string) error { return h.o.Control.HoldCall(ctx, agent, call, on) })
}

// Transfer sends the customer to a number, or into a queue.
func (h *Hub) Transfer(ctx context.Context, agent, to string, queue bool) error {
	return h.control(ctx, agent, func(call string) error {
		if queue {
			return h.o.Control.TransferToQueue(ctx, agent, call, to)
		}
		return h.o.Control.TransferToNumber(ctx, agent, call, to)
	})
}
