package phone

import (
	"context"
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// Register registers the phone and keeps it registered until Unregister or Close. It returns when the first attempt has
// succeeded or failed; after a success, failures of later refreshes are tried again by themselves.
func (p *Phone) Register(ctx context.Context) error { return p.ask(ctx, regAsk{}) }

// Unregister takes the registration back.
func (p *Phone) Unregister(ctx context.Context) error { return p.ask(ctx, regLeave{}) }

// ask posts a wish about the registration and waits for its outcome.
func (p *Phone) ask(ctx context.Context, in regInput) error {
	done := make(chan error, 1)
	err := p.post(func() {
		if p.ending {
			done <- ErrClosed
			return
		}
		p.asked = append(p.asked, done)
		p.register(in)
	}, false)
	if err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// register feeds the registration and does what it says.
func (p *Phone) register(in regInput) {
	for _, o := range p.reg.step(p.o.Now(), in) {
		switch o := o.(type) {
		case regSend:
			p.sendRegister(o.req)
		case regWake:
			p.due = o.at
		case regDone:
			if o.err != nil {
				p.o.Log.Warn("registration failed", "aor", p.AOR(), "err", o.err)
			}
			p.answerAsked(o.err)
		}
	}
}

func (p *Phone) answerAsked(err error) {
	for _, done := range p.asked {
		done <- err
	}
	p.asked = nil
}

// sendRegister sends a REGISTER, after a new stream was opened where the last one was lost.
func (p *Phone) sendRegister(req *sipmsg.Request) {
	if p.lost {
		p.wg.Add(1)
		go p.runConnect(req)
		return
	}
	seq := req.CSeq().SeqNo
	_, err := p.table.Send(req, p.flow, func(e transaction.ClientEvent) {
		var in regInput = regFailed{seq: seq, err: errSilence}
		switch e.Kind {
		case transaction.Response:
			in = regResponse{req: req, res: e.Response, authorize: p.credentials}
		case transaction.TransportError:
			in = regFailed{seq: seq, err: e.Err}
		}
		p.box.put(func() { p.register(in) }, true) //nolint:errcheck // a closed phone waits for no answer
	})
	if err != nil {
		p.box.put(func() { p.register(regFailed{seq: seq, err: err}) }, true) //nolint:errcheck // as above
	}
}

// runConnect opens a new stream, then sends req on it.
func (p *Phone) runConnect(req *sipmsg.Request) {
	defer p.wg.Done()
	flow, err := transport.Flow{}, errSilence // where connecting never returns
	p.guard(func() { flow, err = p.layer.Connect(p.life, p.proto(), p.o.Server) })
	p.box.put(func() { //nolint:errcheck // a closed phone needs no stream
		if err != nil {
			p.register(regFailed{seq: req.CSeq().SeqNo, err: err})
			return
		}
		p.flow, p.lost = flow, false
		p.sendRegister(req)
	}, true)
}

// streamLost notes that the connection to the server ended: the registration went with it.
func (p *Phone) streamLost(f transport.Flow) {
	p.box.put(func() { //nolint:errcheck // a closed phone has no stream to lose
		if f == p.flow && !p.lost {
			p.lost = true
			p.register(regLost{})
		}
	}, true)
}

// target is where a call goes: a whole URI, or a user of the phone's own domain.
func (p *Phone) target(to string) (sipmsg.Uri, error) {
	if !strings.Contains(to, ":") {
		if at := strings.IndexByte(to, '@'); at < 0 {
			to += "@" + p.o.Domain
		}
		to = "sip:" + to
	}
	u, err := transport.ParseURI(to)
	if err != nil {
		return u, fmt.Errorf("call to %q: %w", to, err)
	}
	return u, nil
}
