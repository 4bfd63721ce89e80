package leg

import (
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"
)

// Whatever comes in whatever order: no INVITE gets two finals of ours, nothing is said after the end, and a leg that is
// hung up ends by itself when nobody answers any more.
func TestAnyOrderEnds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := newUAS(t)
		if rapid.Bool().Draw(r, "uac") {
			b = newUAC(t)
		}
		finals := map[string]int{}
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			if b.leg.State() != Ended {
				b.now = b.now.Add(time.Duration(rapid.IntRange(0, 20000).Draw(r, "ms")) * time.Millisecond)
			}
			ended := b.leg.State() == Ended
			outs := b.step(drawInput(r, b))
			if ended && len(outs) > 0 {
				r.Fatalf("output after the end: %v", names(outs))
			}
			countFinals(r, finals, outs)
		}
		countFinals(r, finals, b.step(Hangup{}))
		countFinals(r, finals, b.pass(5*time.Minute))
		silence(b)
		countFinals(r, finals, b.pass(5*time.Minute))
		if b.leg.State() != Ended && b.leg.State() != Idle {
			r.Fatalf("still %s after %v", b.leg.State(), names(b.all))
		}
		if n := finished(b.all); n != 1 {
			r.Fatalf("%d ends in %v", n, names(b.all))
		}
	})
}

// silence fails every request that may still be under way.
func silence(b *bench) {
	for _, o := range append([]Output(nil), b.all...) {
		if s, ok := o.(Send); ok {
			b.step(Failed{Method: s.Req.Method, CSeq: s.Req.CSeq().SeqNo})
		}
	}
}

func finished(outs []Output) (n int) {
	for _, o := range outs {
		if e, ok := o.(Event); ok && e.Kind == Finished {
			n++
		}
	}
	return n
}

// countFinals counts final responses per INVITE; a 2xx may be repeated, nothing else.
func countFinals(r *rapid.T, seen map[string]int, outs []Output) {
	for _, o := range outs {
		res, ok := o.(Respond)
		if !ok || res.Res.StatusCode < 200 {
			continue
		}
		key := res.Res.Via().Value()
		if was := seen[key]; was != 0 && (was != 200 || res.Res.StatusCode != 200) {
			r.Fatalf("%d after %d for one request", res.Res.StatusCode, was)
		}
		seen[key] = res.Res.StatusCode
	}
}

func drawInput(r *rapid.T, b *bench) Input {
	body := rapid.SampledFrom([]string{phoneSDP, phoneHold, phoneBack, "", "v=0\r\nm=audio x\r\n"}).Draw(r, "body")
	tag := rapid.SampledFrom([]string{"them", "other", ""}).Draw(r, "tag")
	switch rapid.IntRange(0, 16).Draw(r, "input") {
	case 0:
		return b.from("INVITE", body)
	case 1:
		return b.from("BYE", "")
	case 2:
		return b.from("OPTIONS", "")
	case 3:
		return Canceled{}
	case 4:
		return Ring{}
	case 5:
		return Progress{Media: here}
	case 6:
		return Answer{Media: here}
	case 7:
		return Modify{Media: here}
	case 8:
		return Hangup{Cause: Cause{Status: 486}}
	case 9:
		return Probe{}
	case 10:
		return Tick{}
	case 11:
		if b.leg.Role() == UAC {
			return Invite{Media: here}
		}
		return b.from("INFO", "")
	case 12:
		return b.ack(body)
	}
	return drawResponse(r, b, tag, body)
}

// drawResponse answers one of our requests, if there is any.
func drawResponse(r *rapid.T, b *bench, tag, body string) Input {
	var sent []sipmsg.RequestMethod
	for _, o := range b.all {
		if s, ok := o.(Send); ok {
			sent = append(sent, s.Req.Method)
		}
	}
	if len(sent) == 0 {
		return Tick{}
	}
	method := rapid.SampledFrom(sent).Draw(r, "method")
	if rapid.IntRange(0, 5).Draw(r, "fails") == 0 {
		return Failed{Method: method, CSeq: b.sent(method).CSeq().SeqNo}
	}
	status := rapid.SampledFrom([]int{100, 180, 183, 200, 200, 302, 401, 408, 481, 486, 487, 491, 500, 603}).Draw(r, "status")
	return b.answer(method, status, tag, body)
}
