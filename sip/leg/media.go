package leg

import (
	"errors"
	"net/netip"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/codecs"
	"ringway/rtp/sdp"
)

var errNoAnswer = errors.New("no session description where an answer is due")

// Media is our side of a session description, in the call's words.
type Media struct {
	Local     netip.AddrPort // RTP address as advertised to this peer
	Codecs    *codecs.Set    // nil: Options.Codecs
	Prefer    string         // encoding name to put first, or to choose where it is offered
	PTime     time.Duration  // 0 is 20 ms, or what the offer asks
	Direction sdp.Direction  // what we want
}

// media is the offer/answer state of a leg (RFC 3264, 6337): at most one exchange is open at a time.
//
//	none ──their offer──▶ pending ──our answer──▶ none (agreed)
//	none ──our offer────▶ offered ──their answer─▶ none (agreed)
type media struct {
	pending  *sdp.Session // their offer, to be answered
	offered  *sdp.Session // our offer, to be answered
	answered bool         // pending was answered in a 183: the 200 repeats that answer
	sent     *sdp.Session // what we sent last: versions grow from it
	agreed   *sdp.Agreed
	tag      string // UAC: branch whose provisional made agreed
	ours     Media  // as last used, for re-INVITEs of theirs
	held     bool   // what the call was told last
}

// read takes an offer, and refuses one that no answer could serve.
func (m *media) read(body []byte, set *codecs.Set) error {
	s, err := sdp.Parse(body)
	if err != nil {
		return err
	}
	if set != nil {
		try := sdp.AnswerOptions{Local: netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 9), Codecs: set}
		if _, _, err := sdp.Answer(s, try); err != nil {
			return err
		}
	}
	m.pending, m.answered = s, false
	return nil
}

// answer is the body of our answer to the pending offer, which stays pending until respond.
func (m *media) answer(ours Media, o Options) ([]byte, error) {
	if m.answered {
		return m.sent.Marshal(), nil
	}
	if ours.Codecs == nil {
		ours.Codecs = o.Codecs
	}
	s, agreed, err := sdp.Answer(m.pending, sdp.AnswerOptions{Local: ours.Local, Codecs: ours.Codecs, Prefer: ours.Prefer,
		PTime: ours.PTime, Direction: ours.Direction, ID: o.Session, Previous: m.sent})
	if err != nil {
		return nil, err
	}
	m.sent, m.agreed, m.ours, m.answered = s, &agreed, ours, true
	return s.Marshal(), nil
}

// respond is the body of a 2xx: the answer to the pending offer, or an offer where there is none.
func (m *media) respond(ours Media, o Options) ([]byte, error) {
	if m.pending == nil {
		return m.offer(ours, o)
	}
	body, err := m.answer(ours, o)
	if err == nil {
		m.pending, m.answered = nil, false
	}
	return body, err
}

// offer is the body of an offer of ours.
func (m *media) offer(ours Media, o Options) ([]byte, error) {
	if ours.Codecs == nil {
		ours.Codecs = o.Codecs
	}
	if ours.Codecs == nil || len(ours.Codecs.All()) == 0 || !ours.Local.IsValid() {
		return nil, sdp.ErrNoCommonCodec
	}
	s := sdp.NewOffer(sdp.OfferOptions{Local: ours.Local, Codecs: ours.Codecs, Prefer: ours.Prefer, PTime: ours.PTime,
		Direction: ours.Direction, ID: o.Session, Previous: m.sent})
	m.offered, m.sent, m.ours = s, s, ours
	return s.Marshal(), nil
}

// preview reads an answer in an unreliable provisional: good for early media, replaced by what the 2xx says.
func (m *media) preview(res *sipmsg.Response) error {
	agreed, err := m.agree(res.Body())
	if err == nil {
		m.agreed, m.tag = agreed, toTag(res)
	}
	return err
}

// final reads the answer of a 2xx; without one, what a provisional of the same branch said counts.
func (m *media) final(res *sipmsg.Response) error {
	if len(res.Body()) > 0 && isSDP(res) {
		return m.accept(res.Body())
	}
	if m.agreed != nil && m.tag == toTag(res) {
		m.offered = nil
		return nil
	}
	return errNoAnswer
}

// accept reads the answer that closes the exchange.
func (m *media) accept(body []byte) error {
	agreed, err := m.agree(body)
	m.offered = nil
	if err == nil {
		m.agreed = agreed
	}
	return err
}

func (m *media) agree(body []byte) (*sdp.Agreed, error) {
	if m.offered == nil {
		return nil, errNoAnswer
	}
	s, err := sdp.Parse(body)
	if err != nil {
		return nil, err
	}
	agreed, err := sdp.Accept(m.offered, s)
	return &agreed, err
}

// sameMedia tells whether two agreements would carry packets in the same way.
func sameMedia(a, b *sdp.Agreed) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Remote == b.Remote && a.RemoteRTCP == b.RemoteRTCP && a.Codec == b.Codec && a.SendPT == b.SendPT &&
		a.RecvPT == b.RecvPT && a.DTMF == b.DTMF && a.PTime == b.PTime && a.Direction == b.Direction && a.Held == b.Held
}
