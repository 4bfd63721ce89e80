package transaction_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// clerk answers every request at once, as the edge does with strangers.
type clerk struct {
	status int
	asked  int
	acks   int
	errs   []error
}

func (c *clerk) Request(s *transaction.Server) {
	c.asked++
	c.errs = append(c.errs, s.Respond(transport.NewResponse(s.Request(), c.status, "Some Reason")),
		s.Respond(transport.NewResponse(s.Request(), 500, "Second Thoughts")))
}
func (c *clerk) Ack(*sipmsg.Request, transport.Flow)       { c.acks++ }
func (c *clerk) Response(*sipmsg.Response, transport.Flow) {}

// office is a table over a wire that takes bytes, with a clerk.
type office struct {
	*transaction.Table
	clerk clerk
	wire  []string
}

func openOffice(t *testing.T, status int, verified bool) *office {
	o := &office{clerk: clerk{status: status}}
	o.Table = transaction.New(transaction.Options{
		Core: &o.clerk, Verified: func(transport.Flow) bool { return verified },
		Write: func(_ transport.Flow, b []byte) error { o.wire = append(o.wire, string(b[8:11])); return nil },
		Send: func(_ transport.Flow, m sipmsg.Message) error {
			o.wire = append(o.wire, "stateless "+what(m))
			return nil
		},
		Timers: transaction.Timers{T1: 2 * time.Millisecond},
	})
	t.Cleanup(o.Stop)
	return o
}

func inquiry(t *testing.T, method string, n int) *sipmsg.Request {
	s := &stage{t: t}
	req, _ := s.request(method, fmt.Sprintf("z9hG4bK%d", n)).(*sipmsg.Request)
	req.CSeq().SeqNo = uint32(n) // else all but the first are merged requests
	return req
}

// Whoever has proven nothing leaves nothing behind, whatever he asks for: not a transaction, not an answer, and no 100 before.
func TestStrangersLeaveNothing(t *testing.T) {
	for _, c := range []struct {
		method   string
		status   int
		verified bool
	}{
		{"INVITE", 401, false}, {"INVITE", 407, false}, {"INVITE", 401, true}, {"REGISTER", 401, true}, {"MESSAGE", 407, false},
		{"INVITE", 403, false}, {"REGISTER", 403, false}, {"OPTIONS", 404, false},
	} {
		o := openOffice(t, c.status, c.verified)
		for i := range 100 {
			o.Receive(inquiry(t, c.method, 1+i/2), udp) // each comes twice
		}
		if st := o.Stats(); st.Live+st.Lingering != 0 || st.Repetitions != 0 || st.Merged != 0 {
			t.Errorf("%v: left %+v", c, st)
		}
		if o.clerk.asked != 100 || len(o.wire) != 100 || o.wire[0] != fmt.Sprint(c.status) || o.wire[99] != o.wire[0] {
			t.Errorf("%v: asked %d times, sent %v", c, o.clerk.asked, o.wire)
		}
		if o.clerk.errs[0] != nil || !errors.Is(o.clerk.errs[1], transaction.ErrTerminated) {
			t.Errorf("%v: the two answers: %v", c, o.clerk.errs[:2])
		}
	}
}

// The ACK to such an answer belongs to nothing: it is neither answered nor counted.
func TestAckToStatelessChallenge(t *testing.T) {
	o := openOffice(t, 401, false)
	o.Receive(inquiry(t, "INVITE", 1), udp)
	s := &stage{t: t}
	o.Receive(s.request("ACK", "z9hG4bK1", "to-tag=whatever"), udp)
	if st := o.Stats(); st.Strays != 0 || st.Live+st.Lingering != 0 || len(o.wire) != 1 {
		t.Errorf("%+v, sent %v", st, o.wire)
	}
}

// An answer is kept as long as its request may come again, and given again to all who repeat it.
func TestAnswerIsGivenAgain(t *testing.T) {
	for _, status := range []int{200, 404} {
		o := openOffice(t, status, true)
		o.Receive(inquiry(t, "MESSAGE", 1), udp)
		o.Receive(inquiry(t, "MESSAGE", 1), udp)
		other := inquiry(t, "MESSAGE", 1)
		other.Via().Params[0].V = "z9hG4bKother"
		o.Receive(other, udp)
		want := fmt.Sprintf("[%d %d stateless 482]", status, status)
		if st := o.Stats(); fmt.Sprint(o.wire) != want || o.clerk.asked != 1 || st.Lingering != 1 || st.Live != 0 {
			t.Errorf("sent %v, want %s; asked %d times; %+v", o.wire, want, o.clerk.asked, st)
		}
		if !errors.Is(o.clerk.errs[1], transaction.ErrFinal) {
			t.Errorf("a second answer: %v", o.clerk.errs[1])
		}
		for limit := time.Now().Add(5 * time.Second); o.Stats().Lingering > 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatal("it lingers on")
			}
		}
		o.Receive(inquiry(t, "MESSAGE", 1), udp)
		if o.clerk.asked != 2 {
			t.Error("after 64 T1 it is a new request, and was none")
		}
	}
}

// However many are answered, no more linger than may; INVITEs that wait for their ACK are the last to go.
func TestKeptAnswersAreCapped(t *testing.T) {
	o := transaction.New(transaction.Options{
		Core: &clerk{status: 200}, Limits: transaction.Limits{Lingering: 80},
		Write: func(transport.Flow, []byte) error { return nil }, Send: func(transport.Flow, sipmsg.Message) error { return nil },
	})
	defer o.Stop()
	for i := range 1000 {
		o.Receive(inquiry(t, "OPTIONS", i+1), udp)
	}
	if st := o.Stats(); st.Lingering > 80 || st.Evicted < 900 || st.Live != 0 {
		t.Errorf("%+v", st)
	}
}
