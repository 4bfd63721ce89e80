package demo

import (
	"encoding/binary"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"ringway/codecs"
)

// Voice is a robot's end of an RTP stream: it sends its beat and listens for the far end's.
type Voice struct {
	conn  *net.UDPConn
	beat  Beat
	start time.Time
	done  chan struct{}
	wg    sync.WaitGroup

	mu     sync.Mutex // guards what follows
	remote netip.AddrPort
	sent   []time.Time
	ear    ear
}

// voiceOptions say what a Voice speaks.
type voiceOptions struct {
	Conn    *net.UDPConn
	Codec   codecs.Codec
	Payload uint8
	Remote  netip.AddrPort
	Say     Beat
	Hear    Beat
	Log     *slog.Logger
}

// startVoice starts to speak and to listen. The connection is closed with the Voice.
func startVoice(o voiceOptions) (*Voice, error) {
	rates := o.Codec.Rates()
	rate := rates[min(1, len(rates)-1)] // wide band where the codec has it
	enc, err := o.Codec.NewEncoder(codecs.EncoderOptions{Rate: rate})
	if err != nil {
		return nil, err
	}
	dec, err := o.Codec.NewDecoder(rate)
	if err != nil {
		enc.Close()
		return nil, err
	}
	v := &Voice{conn: o.Conn, beat: o.Say, start: time.Now(), done: make(chan struct{}), remote: o.Remote, ear: ear{hz: o.Hear.Hz}}
	v.wg.Add(2)
	go v.runSend(enc, rate, o)
	go v.runReceive(dec, rate, o)
	return v, nil
}

// Retarget sends to another place from now on, as a re-INVITE asks.
func (v *Voice) Retarget(remote netip.AddrPort) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.remote = remote
}

// Attend forgets what was heard so far: the far end has just become somebody else.
func (v *Voice) Attend() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ear = ear{hz: v.ear.hz}
}

// Close ends the stream and says what was heard, and when the own onsets were sent.
func (v *Voice) Close() (heard ear, sent []time.Time) {
	close(v.done)
	v.conn.Close() //nolint:errcheck // nothing is buffered on a datagram socket
	v.wg.Wait()
	return v.ear, v.sent
}

// header writes an RTP header without extensions (RFC 3550 §5.1):
//
//	V=2 | PT | sequence | timestamp | SSRC
func header(b []byte, pt uint8, seq uint16, stamp, ssrc uint32) {
	b[0], b[1] = 0x80, pt
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], stamp)
	binary.BigEndian.PutUint32(b[8:], ssrc)
}

const headerLen = 12

func (v *Voice) runSend(enc codecs.Encoder, rate int, o voiceOptions) {
	defer v.wg.Done()
	contain(o.Log, "voice", func() { v.send(enc, rate, o) })
}

// send speaks until Close.
func (v *Voice) send(enc codecs.Encoder, rate int, o voiceOptions) {
	defer enc.Close()
	pcm := make([]int16, rate/50)
	packet := make([]byte, 1500)
	seq, stamp, ssrc := uint16(rand.Uint32()), rand.Uint32(), rand.Uint32()
	tick := time.NewTicker(frame)
	defer tick.Stop()
	for at := time.Duration(0); ; at += frame {
		onset := v.beat.fill(pcm, rate, at)
		n, err := enc.Encode(packet[headerLen:], pcm)
		if err != nil {
			return
		}
		header(packet, o.Payload, seq, stamp, ssrc)
		v.mu.Lock()
		to := v.remote
		if onset {
			v.sent = append(v.sent, time.Now())
		}
		v.mu.Unlock()
		if _, err := v.conn.WriteToUDPAddrPort(packet[:headerLen+n], to); errors.Is(err, net.ErrClosed) {
			return
		}
		seq++
		stamp += uint32(o.Codec.Format().ClockRate / 50)
		select {
		case <-v.done:
			return
		case <-tick.C:
		}
	}
}

func (v *Voice) runReceive(dec codecs.Decoder, rate int, o voiceOptions) {
	defer v.wg.Done()
	contain(o.Log, "voice", func() { v.receive(dec, rate, o.Payload) })
}

// receive listens until Close.
func (v *Voice) receive(dec codecs.Decoder, rate int, pt uint8) {
	defer dec.Close()
	packet := make([]byte, 1500)
	pcm := make([]int16, rate/10)
	for {
		n, _, err := v.conn.ReadFromUDPAddrPort(packet)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		now := time.Now()
		if err != nil || n <= headerLen || packet[1]&0x7f != pt {
			continue
		}
		samples, err := dec.Decode(pcm, packet[headerLen:n])
		if err != nil {
			continue
		}
		v.mu.Lock()
		v.ear.hear(pcm[:samples], rate, now)
		v.mu.Unlock()
	}
}
