package phone

import (
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

func parse(t *testing.T, uri string) sipmsg.Uri {
	t.Helper()
	u, err := transport.ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// sent is the one request among outputs.
func sent(t *testing.T, out []regOutput) *sipmsg.Request {
	t.Helper()
	for _, o := range out {
		if s, ok := o.(regSend); ok {
			return s.req
		}
	}
	t.Fatalf("nothing sent: %v", out)
	return nil
}

// woken is the moment of the last wake among outputs.
func woken(t *testing.T, out []regOutput) (at time.Time) {
	t.Helper()
	for _, o := range out {
		if w, ok := o.(regWake); ok {
			at = w.at
		}
	}
	return at
}

// ok answers a REGISTER with 200 and a life in seconds.
func ok(req *sipmsg.Request, seconds string) regResponse {
	res := transport.NewResponse(req, 200, "OK")
	other := &sipmsg.ContactHeader{Address: sipmsg.Uri{Scheme: "sip", User: "mei", Host: "192.0.2.77"}}
	other.Params.Add("expires", "7")
	res.AppendHeader(other)
	c := &sipmsg.ContactHeader{Address: req.Contact().Address}
	c.Params.Add("expires", seconds)
	res.AppendHeader(c)
	return regResponse{req: req, res: res}
}
