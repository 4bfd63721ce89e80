package apps

import (
	"context"

	"ringway/config/expr"
	"ringway/dialplan"
)

// memberResults are the words that on: of the agent applications may branch on.
var memberResults = []string{"joined", "left", "paused", "ready", "desk", "unknown_queue", "not_allowed", "not_on_shift", "wrong_pin", "unknown_agent", "not_joined", "desk_in_use", "bad_reason"}

// member is a prepared agent application: it acts on the person of the calling account and says aloud what came of it.
type member struct {
	verb                      Verb
	queue, reason, agent, pin *expr.Template
	quiet                     bool
}

var quietArg = dialplan.Arg{Name: "quiet", Type: dialplan.YesNoArg, Default: "false", Doc: "yes: do not say what came of it"}

// Do commands and speaks.
func (m *member) Do(ctx context.Context, r *dialplan.Run) (string, error) {
	queues, err := queuesOf(r)
	if err != nil {
		return "", err
	}
	c := MemberCommand{Account: r.Info().Account, Verb: m.verb}
	for _, f := range []struct {
		from *expr.Template
		to   *string
	}{{m.queue, &c.Queue}, {m.reason, &c.Reason}, {m.agent, &c.Agent}, {m.pin, &c.Pin}} {
		if f.from == nil {
			continue
		}
		v, err := r.Text(f.from)
		if err != nil {
			return "", err
		}
		*f.to = v
	}
	reply, err := queues.Member(ctx, c)
	if err != nil || m.quiet || len(reply.Spoken) == 0 {
		return reply.Result, err
	}
	if err := r.Channel().Answer(ctx); err != nil {
		return reply.Result, err
	}
	_, err = r.Channel().Play(ctx, dialplan.Play{Files: reply.Spoken, Language: r.Language()})
	return reply.Result, err
}
