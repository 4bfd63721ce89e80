package demo

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"ringway/codecs"
	"ringway/rtp/sdp"
	"ringway/sip/phone"
)

// line is the RTP side of one call of a robot: a socket from the moment that it is offered, a Voice from the answer on.
// It belongs to the robot's goroutine.
type line struct {
	conn   *net.UDPConn
	codecs *codecs.Set
	say    Beat
	hear   Beat
	log    *slog.Logger
	voice  *Voice
	agreed sdp.Agreed
}

// heardSent is what a line leaves behind.
type heardSent struct {
	ear  ear
	sent []time.Time
}

// openLine binds a socket on loopback, where the robots live.
func openLine(set *codecs.Set, say, hear Beat, log *slog.Logger) (*line, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	return &line{conn: conn, codecs: set, say: say, hear: hear, log: log}, nil
}

// media is the line in a phone's words.
func (l *line) media() phone.Media {
	at := netip.MustParseAddrPort(l.conn.LocalAddr().String())
	return phone.Media{Local: at, Codecs: l.codecs}
}

// follow does what was agreed: speaks from the first time on, and goes where the far end wants it later. The codec of a
// running line never changes: a robot offers and answers with the one in use first.
func (l *line) follow(a *sdp.Agreed) error {
	switch {
	case a == nil:
		return nil
	case l.voice != nil:
		if a.Remote.IsValid() {
			l.voice.Retarget(a.Remote)
		}
		return nil
	}
	codec, ok := l.codecs.Lookup(a.Codec.Name, a.Codec.ClockRate, a.Codec.Channels)
	if !ok {
		return errors.New("no codec " + a.Codec.Name)
	}
	v, err := startVoice(voiceOptions{Conn: l.conn, Codec: codec, Payload: a.SendPT, Remote: a.Remote, Say: l.say, Hear: l.hear, Log: l.log})
	if err != nil {
		return err
	}
	l.voice, l.agreed = v, *a
	return nil
}

// close hangs the line up.
func (l *line) close() heardSent {
	if l.voice == nil {
		l.conn.Close() //nolint:errcheck // nothing is buffered on a datagram socket
		return heardSent{}
	}
	heard, sent := l.voice.Close()
	return heardSent{heard, sent}
}
