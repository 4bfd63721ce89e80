package rtp

import (
	"container/list"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ringway/codecs"
)

// chunkFrames is how many packets of one sound are encoded before the next sound has its turn, so that a prompt never
// waits for minutes of music.
const chunkFrames = 50

// sounds keeps encoded sounds: each is encoded once for a codec and packet time, by one goroutine, and shared by everyone
// who hears it. The first listener begins as soon as the first packets are there.
type sounds struct {
	o         Options
	encodings atomic.Uint64 // sounds encoded

	// guarded by mu; taken when a playback begins, never per packet
	mu     sync.Mutex
	more   *sync.Cond
	closed bool
	known  map[soundKey]*list.Element // of *encoded, least recently used last
	order  *list.List
	bytes  int
	jobs   []*encoded
}

type soundKey struct {
	source *Source
	name   string // codec, in lower case
	clock  int
	fmtp   string
	ptime  time.Duration
}

// encoded is one sound for one codec. Frames below ready are written and never change; the rest is the encoder's.
type encoded struct {
	key    soundKey
	codec  codecs.Codec
	step   uint32   // timestamp units of a packet
	frames [][]byte // all that there will be
	ready  atomic.Int32
	failed atomic.Bool
	ptime  time.Duration // what the codec made of the one asked for

	// owned by the encoder's goroutine
	encoder codecs.Encoder
	pcm     []int16
	size    int // samples of a packet
	bytes   int
}

func newSounds(o Options) *sounds {
	c := &sounds{o: o, known: map[soundKey]*list.Element{}, order: list.New()}
	c.more = sync.NewCond(&c.mu)
	return c
}

// get finds or begins an encoding; false when the codec is unknown.
func (c *sounds) get(src *Source, p *Params) (*encoded, bool) {
	codec, ok := c.o.Codecs.Lookup(p.Codec.Name, p.Codec.ClockRate, p.Codec.Channels)
	if !ok || len(src.pcm) == 0 || src.rate <= 0 {
		return nil, false
	}
	k := soundKey{src, strings.ToLower(p.Codec.Name), p.Codec.ClockRate, p.Codec.Fmtp, p.ptime()}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.known[k]; el != nil {
		c.order.MoveToFront(el)
		return el.Value.(*encoded), true
	}
	e := &encoded{key: k, codec: codec, ptime: k.ptime}
	if strings.EqualFold(k.name, "opus") && k.ptime == 30*time.Millisecond {
		e.ptime = 20 * time.Millisecond // as openEncoder will find
	}
	e.step = uint32(e.ptime * time.Duration(k.clock) / time.Second)
	length := time.Duration(len(src.pcm)) * time.Second / time.Duration(src.rate)
	e.frames = make([][]byte, max(int((length+e.ptime-1)/e.ptime), 1))
	c.known[k] = c.order.PushFront(e)
	c.jobs = append(c.jobs, e)
	c.more.Signal()
	return e, true
}

// stop ends the encoder.
func (c *sounds) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.more.Signal()
}

// runEncoder encodes sounds in turns until stop.
func (c *sounds) runEncoder() {
	for {
		e := c.job()
		if e == nil {
			return
		}
		if c.encode(e) {
			c.again(e)
		}
	}
}

// job waits for the next sound in turn; nil when stopped.
func (c *sounds) job() *encoded {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.jobs) == 0 && !c.closed {
		c.more.Wait()
	}
	if c.closed {
		for _, e := range c.jobs {
			if e.encoder != nil {
				e.encoder.Close()
			}
		}
		return nil
	}
	e := c.jobs[0]
	c.jobs = c.jobs[1:]
	return e
}

// again puts an unfinished sound at the end of the line.
func (c *sounds) again(e *encoded) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jobs = append(c.jobs, e)
}

// encode does one turn of a sound; true when there is more to do.
func (c *sounds) encode(e *encoded) (more bool) {
	defer func() {
		if v := recover(); v != nil {
			e.failed.Store(true)
			c.o.Log.Error("encoding a sound panicked", "sound", e.key.source.name, "err", v)
			more = false
		}
	}()
	if e.encoder == nil {
		if err := e.open(&c.o); err != nil {
			e.failed.Store(true)
			c.o.Log.Error("sound cannot be encoded", "sound", e.key.source.name, "codec", e.key.name, "err", err)
			return false
		}
		c.encodings.Add(1)
	}
	if err := e.turn(); err != nil {
		e.failed.Store(true)
		e.encoder.Close()
		c.o.Log.Error("sound cannot be encoded", "sound", e.key.source.name, "codec", e.key.name, "err", err)
		return false
	}
	if int(e.ready.Load()) < len(e.frames) {
		return true
	}
	e.encoder.Close()
	e.pcm = nil
	c.keep(e)
	return false
}

// open prepares the encoder and brings the sound to its rate: the best that the sound can use.
func (e *encoded) open(o *Options) error {
	rates, src := e.codec.Rates(), e.key.source
	rate := rates[0]
	for _, r := range rates {
		if r <= src.rate {
			rate = r
		}
	}
	var err error
	e.encoder, e.size, err = openEncoder(e.codec, o.encoding(rate, e.key.fmtp), e.ptime)
	if err != nil {
		return err
	}
	if want := int(e.ptime * time.Duration(rate) / time.Second); e.size != want {
		e.encoder.Close()
		return codecs.ErrRate
	}
	e.pcm = src.pcm
	if r := newResampler(src.rate, rate); r != nil {
		e.pcm = r.run(make([]int16, 0, r.room(len(src.pcm))), src.pcm)
	}
	return nil
}

// turn encodes the next packets. The last one is filled with silence.
func (e *encoded) turn() error {
	buf := make([]byte, packetRoom-headerSize)
	frame := make([]int16, e.size)
	for range chunkFrames {
		i := int(e.ready.Load())
		if i == len(e.frames) {
			return nil
		}
		n := 0
		if at := i * e.size; at < len(e.pcm) {
			n = copy(frame, e.pcm[at:])
		}
		clear(frame[n:])
		n, err := e.encoder.Encode(buf, frame)
		if err != nil {
			return err
		}
		e.frames[i] = append([]byte(nil), buf[:n]...)
		e.bytes += n
		e.ready.Store(int32(i + 1))
	}
	return nil
}

// keep counts a finished sound and forgets those that were not used for longest. Whoever hears one of these now keeps it.
func (c *sounds) keep(e *encoded) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += e.bytes
	for el := c.order.Back(); el != nil && c.bytes > c.o.SoundCache; {
		old := el.Value.(*encoded)
		before := el.Prev()
		if old != e && int(old.ready.Load()) == len(old.frames) {
			c.bytes -= old.bytes
			c.order.Remove(el)
			delete(c.known, old.key)
		}
		el = before
	}
}
