package transport

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// conn is one stream connection: a reader goroutine for life, and a writer goroutine while something waits to be written, so
// that a peer who reads slowly blocks nobody else.
type conn struct {
	layer *Layer
	net   net.Conn
	flow  Flow
	ours  bool // we opened it

	last  atomic.Int64 // time of the last byte read, Unix nanoseconds, for choosing whom to close
	heard atomic.Bool  // a whole message has come

	mu      sync.Mutex    // guards what follows
	pending []byte        // waits for the writer
	writing bool          // runWriter is there
	idle    chan struct{} // closed when runWriter has ended; made with each
	closed  bool
	why     error
}

// write queues one message. It never blocks.
func (c *conn) write(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return ErrNoFlow
	case len(b) > c.layer.limits.Stream:
		return ErrTooLarge
	case len(c.pending)+len(b) > c.layer.limits.WriteQueue:
		c.why = ErrSlowReader
		c.net.Close() // the reader sees it and cleans up
		return ErrSlowReader
	}
	c.pending = append(c.pending, b...)
	if !c.writing {
		if !c.layer.begin() {
			return ErrStopped
		}
		c.writing, c.idle = true, make(chan struct{})
		go c.runWriter()
	}
	return nil
}

// runWriter writes until nothing waits.
func (c *conn) runWriter() {
	defer c.layer.group.Done()
	var spare []byte
	for {
		c.mu.Lock()
		out := c.pending
		if len(out) == 0 || c.closed {
			c.writing = false
			c.pending = nil
			close(c.idle)
			c.mu.Unlock()
			return
		}
		c.pending = spare[:0]
		c.mu.Unlock()
		_ = c.net.SetWriteDeadline(time.Now().Add(c.layer.limits.Write))
		if _, err := c.net.Write(out); err != nil {
			c.hangUp(err)
		}
		spare = out
	}
}

// hangUp closes the connection for a reason; the reader cleans up.
func (c *conn) hangUp(why error) {
	c.mu.Lock()
	if c.why == nil {
		c.why = why
	}
	c.mu.Unlock()
	c.net.Close()
}

// hangUpAfterWrites closes once what waits is written, or after the write deadline.
func (c *conn) hangUpAfterWrites(why error) {
	c.mu.Lock()
	if c.why == nil {
		c.why = why
	}
	idle := !c.writing
	c.mu.Unlock()
	if idle {
		c.net.Close()
		return
	}
	if t, ok := c.net.(interface{ CloseRead() error }); ok {
		_ = t.CloseRead() // the reader ends, and waits for the writer
		return
	}
	c.net.Close()
}

// runConn reads frames until the connection ends.
func (c *conn) runConn() {
	defer c.layer.group.Done()
	defer c.layer.contain(c.flow) // of those who are told of the end
	err := c.readSafely()
	c.layer.conns.remove(c)
	c.drain()
	c.mu.Lock()
	c.closed = true
	if c.why == nil {
		c.why = err
	}
	why := c.why
	c.mu.Unlock()
	c.net.Close()
	c.layer.count.Closed.Add(1)
	if c.layer.closed != nil {
		c.layer.closed(c.flow, why)
	}
}

// readSafely reads; a panic ends this connection and nothing else.
func (c *conn) readSafely() (err error) {
	defer c.layer.contain(c.flow)
	err = ErrPanic // where read never returns
	return c.read()
}

// drain waits, at most a second, until the writer has nothing left: a refusal should arrive before the end.
func (c *conn) drain() {
	c.mu.Lock()
	idle := c.idle
	c.mu.Unlock()
	if idle == nil {
		return
	}
	t := time.NewTimer(time.Second)
	defer t.Stop()
	select {
	case <-idle:
	case <-t.C:
	}
}

// read fills the buffer and takes frames off its front.
func (c *conn) read() error {
	limit := c.layer.limits.Stream
	buf := make([]byte, 0, 2048)
	begun := time.Now() // of the message at the front, or of the connection
	searched := 0
	for {
		if err := c.net.SetReadDeadline(c.deadline(begun, len(buf) > 0 && !isPing(buf))); err != nil {
			return err
		}
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, min(2*cap(buf), limit+4096)), buf...)
		}
		n, err := c.net.Read(buf[len(buf):cap(buf)])
		if n > 0 && len(buf) == 0 {
			begun = time.Now()
		}
		buf = buf[:len(buf)+n]
		c.last.Store(time.Now().UnixNano())
		c.layer.count.BytesIn.Add(uint64(n))
		rest, lost := c.cut(buf, &searched, limit)
		if len(rest) < len(buf) {
			begun = time.Now()
		}
		buf = buf[:copy(buf, rest)]
		switch {
		case lost != nil:
			return lost
		case errors.Is(err, os.ErrDeadlineExceeded):
			return err
		case err != nil:
			return err
		}
		if len(buf) == 0 && cap(buf) > 8192 {
			buf = make([]byte, 0, 2048) // a big message came once; don't keep its room for ever
		}
	}
}

// deadline is when the next byte must have come.
func (c *conn) deadline(begun time.Time, inMessage bool) time.Time {
	switch {
	case inMessage:
		return begun.Add(c.layer.limits.WholeMessage)
	case !c.ours && !c.heard.Load():
		return begun.Add(c.layer.limits.FirstMessage)
	}
	return time.Now().Add(c.layer.limits.Idle)
}

// cut deals with all whole frames at the front of buf and returns the rest.
func (c *conn) cut(buf []byte, searched *int, limit int) (rest []byte, err error) {
	for {
		f := cutFrame(buf, searched, limit)
		switch f.kind {
		case frameMore:
			return buf, nil
		case framePing:
			c.layer.count.KeepAlive.Add(1)
			if err := c.write([]byte("\r\n")); err != nil {
				return buf, err
			}
		case frameLarge:
			c.layer.count.TooLarge.Add(1)
			c.layer.complain(c.flow, "message on stream too large")
			return nil, ErrTooLarge
		case frameLost:
			c.layer.deliver(letter{text: string(buf[:f.n]), flow: c.flow, at: c.layer.now(), hangUp: true}, false)
			return nil, c.waitHangUp()
		case frameMessage:
			c.heard.Store(true)
			c.layer.deliver(letter{text: string(buf[:f.n]), flow: c.flow, at: c.layer.now()}, false)
		}
		buf = buf[f.n:]
	}
}

// waitHangUp swallows bytes until the shard has refused the message and hung up.
func (c *conn) waitHangUp() error {
	_ = c.net.SetReadDeadline(time.Now().Add(time.Second))
	_, err := io.Copy(io.Discard, io.LimitReader(c.net, 1<<20))
	if err == nil {
		err = io.EOF
	}
	return err
}

func addrPort(a net.Addr) netip.AddrPort {
	if t, ok := a.(*net.TCPAddr); ok {
		p := t.AddrPort()
		return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
	}
	return netip.AddrPort{}
}
