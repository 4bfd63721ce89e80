package transaction_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
)

func TestOurInviteIsRepeatedAndTimesOut(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		if _, err := s.Send(ours(sipmsg.INVITE), udp, s.notify); err != nil {
			t.Fatal(err)
		}
		time.Sleep(33 * time.Second)
		s.wants("wire", &s.wire, "0s INVITE, 500ms INVITE, 1.5s INVITE, 3.5s INVITE, 7.5s INVITE, 15.5s INVITE, 31.5s INVITE")
		s.wants("told", &s.told, "timeout")
	})
}

func TestOurOptionsIsRepeatedAndTimesOut(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		_, _ = s.Send(ours(sipmsg.OPTIONS), udp, s.notify)
		time.Sleep(10 * time.Second)
		s.wants("wire", &s.wire, "0s OPTIONS, 500ms OPTIONS, 1.5s OPTIONS, 3.5s OPTIONS, 7.5s OPTIONS")
		time.Sleep(23 * time.Second)
		s.wants("told", &s.told, "timeout")
	})
}

func TestOurInviteFails(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		_, _ = s.Send(ours(sipmsg.INVITE), udp, s.notify)
		s.Receive(s.answer("INVITE", 180), udp)
		for range 3 {
			s.Receive(s.answer("INVITE", 486), udp)
		}
		s.wants("wire", &s.wire, "0s INVITE, 0s ACK, 0s ACK, 0s ACK")
		s.wants("told", &s.told, "180, 486")
		ack := s.last[1].(*sipmsg.Request)
		invite := s.last[0].(*sipmsg.Request)
		if ack.Via().Params.GetOr("branch", "a") != invite.Via().Params.GetOr("branch", "b") || !ack.To().Params.Has("tag") {
			t.Errorf("ACK %v", ack)
		}
		time.Sleep(time.Minute)
		s.Receive(s.answer("INVITE", 486), udp)
		s.wants("wire", &s.wire, "0s INVITE, 0s ACK, 0s ACK, 0s ACK")
	})
}

func TestOurInviteSucceedsOnceAndOthersGoToTheCore(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		_, _ = s.Send(ours(sipmsg.INVITE), udp, s.notify)
		for range 2 {
			s.Receive(s.answer("INVITE", 200), udp)
		}
		s.wants("told", &s.told, "200")
		s.wants("core", &s.core, "response 200")
		s.Receive(s.answer("INVITE", 486), udp)
		s.wants("core", &s.core, "response 200")
	})
}

func TestOurCancelWaitsForAProvisional(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		c, _ := s.Send(ours(sipmsg.INVITE), udp, s.notify)
		c.Cancel(`SIP;cause=200;text="Call completed elsewhere"`)
		c.Cancel("again")
		s.wants("wire", &s.wire, "0s INVITE")
		s.Receive(s.answer("INVITE", 100), udp)
		s.wants("wire", &s.wire, "0s INVITE, 0s CANCEL")
		if r := s.last[1].(*sipmsg.Request).GetHeader("reason"); r == nil || !strings.Contains(r.Value(), "elsewhere") {
			t.Errorf("reason %v", r)
		}
		s.Receive(s.answer("CANCEL", 200), udp)
		s.Receive(s.answer("INVITE", 487), udp)
		s.wants("told", &s.told, "100, 487")
		s.wants("wire", &s.wire, "0s INVITE, 0s CANCEL, 0s ACK")
	})
}

func TestOurCancelWithoutAnyFinalAnswer(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		c, _ := s.Send(ours(sipmsg.INVITE), udp, s.notify)
		s.Receive(s.answer("INVITE", 180), udp)
		time.Sleep(time.Minute) // ringing has no timer here
		c.Cancel("")
		s.Receive(s.answer("CANCEL", 200), udp)
		time.Sleep(33 * time.Second)
		s.wants("told", &s.told, "180, timeout")
	})
}

func TestTransportErrors(t *testing.T) {
	gone := errors.New("network unreachable")
	t.Run("at once", func(t *testing.T) {
		play(t, transaction.Options{}, func(s *stage) {
			s.broken = gone
			if _, err := s.Send(ours(sipmsg.INVITE), udp, s.notify); !errors.Is(err, gone) {
				t.Errorf("error %v", err)
			}
			if st := s.Stats(); st.Live != 0 {
				t.Errorf("%+v", st)
			}
			s.wants("told", &s.told, "")
		})
	})
	t.Run("later", func(t *testing.T) {
		play(t, transaction.Options{}, func(s *stage) {
			_, _ = s.Send(ours(sipmsg.INVITE), udp, s.notify)
			s.mu.Lock()
			s.broken = gone
			s.mu.Unlock()
			time.Sleep(time.Second)
			s.wants("told", &s.told, "transport error")
		})
	})
	t.Run("connection closed", func(t *testing.T) {
		play(t, transaction.Options{}, func(s *stage) {
			_, _ = s.Send(ours(sipmsg.INVITE), tcp, s.notify)
			_, _ = s.Send(ours(sipmsg.OPTIONS), udp, s.notify)
			s.Closed(tcp, gone)
			s.wants("told", &s.told, "transport error")
		})
	})
}

func TestProxyKeepsTheViasItGot(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		req := s.request("OPTIONS", "z9hG4bKclient").(*sipmsg.Request)
		_, _ = s.Send(req, udp, s.notify)
		if n := len(req.GetHeaders("via")); n != 2 {
			t.Errorf("%d Vias", n)
		}
		first := req.Via().Params.GetOr("branch", "")
		_, _ = s.Send(req, udp, s.notify) // again, as after a challenge
		if n := len(req.GetHeaders("via")); n != 2 || req.Via().Params.GetOr("branch", "") == first {
			t.Errorf("%d Vias, branch unchanged: %v", n, req.Via())
		}
	})
}

func TestAckToSuccessKeepsItsBranch(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		ack := ours(sipmsg.ACK)
		_ = s.SendAck(ack, udp)
		first := ack.Via().Params.GetOr("branch", "")
		_ = s.SendAck(ack, udp)
		if len(ack.GetHeaders("via")) != 1 || ack.Via().Params.GetOr("branch", "") != first {
			t.Error("a repeated ACK changed")
		}
	})
}
