package call

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"ringway/sip/transport"
)

// connectTime is how long the stream to a carrier may take to open.
const connectTime = 5 * time.Second

// runConnect opens a stream for a leg and posts what came of it.
func (m *Manager) runConnect(p *party, then func(transport.Flow, error)) {
	m.wg.Add(1)
	go func() {
		defer m.wg.Done()
		flow, err := m.connect(p.route)
		p.c.must(message{do: func() { then(flow, err) }})
	}()
}

// connect opens a stream; a panic on the way is a stream that can't be opened.
func (m *Manager) connect(r *Route) (flow transport.Flow, err error) {
	defer func() {
		if p := recover(); p != nil {
			m.count.panics.Add(1)
			err = fmt.Errorf("panic: %v", p)
			m.o.Log.Error("panic while a stream is opened", "to", r.Addr.String(), "err", err, "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	return m.o.Paths.Connect(ctx, r.Proto, r.Addr)
}
