package console

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// silence is how long a stream's browser may acknowledge nothing: beyond it the network between counts as lost, and the desk as
// closed.
const silence = 10 * time.Second

type connKey struct{}

// withConn lets a stream find the connection that it is sent on: http.Server.ConnContext.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// watchSilence makes the connection of a request notice a network that is gone.
func watchSilence(r *http.Request) error {
	c, _ := r.Context().Value(connKey{}).(net.Conn)
	for {
		switch v := c.(type) {
		case *tls.Conn:
			c = v.NetConn()
		case *counted:
			c = v.Conn
		case *net.TCPConn:
			return dropSilent(v, silence)
		default:
			return nil
		}
	}
}
