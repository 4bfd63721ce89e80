package ledger

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"time"
)

// Packed books are a tenth of the events they were made of and are read a hundred times faster:
//
//	version │ number of texts │ length of each │ all texts │ calls │ visits │ offers │ call segments │ agent segments
//	                                                         each: number of them, then field after field
//
// A text is its place in the table, an instant the microseconds since the one before it, 0 where there is none; all numbers
// are variable-length.
const packVersion = 1

// ErrPacked says that packed books are damaged or of another version.
var ErrPacked = errors.New("packed books can't be read")

// packer goes over the fields of records, writing or reading them: one list of fields for both.
type packer struct {
	reading bool
	buf     []byte // what is written, or what is left to read
	texts   []string
	index   map[string]uint64
	last    int64 // microseconds
	broken  bool
}

// Pack writes books down. Until and Repeat are not part of it.
func (b *Books) Pack() []byte {
	p := &packer{index: map[string]uint64{}}
	p.books(b)
	out := binary.AppendUvarint([]byte{packVersion}, uint64(len(p.texts)))
	for _, s := range p.texts {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	for _, s := range p.texts {
		out = append(out, s...)
	}
	return append(out, p.buf...)
}

// Unpack adds what was packed to the books, in no order: Arrange comes after the last one.
func (b *Books) Unpack(packed []byte) error {
	if len(packed) == 0 || packed[0] != packVersion {
		return ErrPacked
	}
	p := &packer{reading: true, buf: packed[1:]}
	p.table()
	p.books(b)
	if p.broken || len(p.buf) > 0 {
		return ErrPacked
	}
	return nil
}

// table reads the texts; they share one string.
func (p *packer) table() {
	n := p.length()
	lengths, total := make([]int, n), 0
	for i := range lengths {
		lengths[i] = p.length()
		total += lengths[i]
	}
	if p.broken || total > len(p.buf) {
		p.fail()
		return
	}
	all := string(p.buf[:total])
	p.buf = p.buf[total:]
	p.texts = make([]string, n)
	for i, l := range lengths {
		p.texts[i], all = all[:l], all[l:]
	}
}

func (p *packer) fail() { p.broken, p.buf, p.texts = true, nil, nil }

// length reads how many of something follow; each takes a byte at least.
func (p *packer) length() int {
	n := p.next()
	if n > uint64(len(p.buf)) {
		p.fail()
		return 0
	}
	return int(n)
}

func (p *packer) next() uint64 {
	n, size := binary.Uvarint(p.buf)
	if size <= 0 {
		p.fail()
		return 0
	}
	p.buf = p.buf[size:]
	return n
}

func (p *packer) number(n *uint64) {
	if p.reading {
		*n = p.next()
	} else {
		p.buf = binary.AppendUvarint(p.buf, *n)
	}
}

func packText[T ~string](p *packer, s *T) {
	if p.reading {
		i := p.next()
		if i >= uint64(len(p.texts)) {
			p.fail()
			return
		}
		*s = T(p.texts[i])
		return
	}
	i, known := p.index[string(*s)]
	if !known {
		i = uint64(len(p.texts))
		p.texts, p.index[string(*s)] = append(p.texts, string(*s)), i
	}
	p.buf = binary.AppendUvarint(p.buf, i)
}

// at packs an instant as 1 + the zigzag of its distance to the last one.
func (p *packer) at(t *time.Time) {
	if !p.reading {
		n := uint64(0)
		if !t.IsZero() {
			d := t.UnixMicro() - p.last
			p.last += d
			n = 1 + (uint64(d<<1) ^ uint64(d>>63))
		}
		p.number(&n)
		return
	}
	n := p.next()
	if n == 0 {
		*t = time.Time{}
		return
	}
	n--
	p.last += int64(n>>1) ^ -int64(n&1)
	*t = time.UnixMicro(p.last).UTC()
}

func (p *packer) duration(d *time.Duration) {
	n := uint64(*d / time.Microsecond)
	p.number(&n)
	*d = time.Duration(n) * time.Microsecond
}

func (p *packer) flag(b *bool) {
	n := uint64(0)
	if *b {
		n = 1
	}
	p.number(&n)
	*b = n != 0
}

func (p *packer) real(f *float64) {
	n := math.Float64bits(*f)
	p.number(&n)
	*f = math.Float64frombits(n)
}

// packList packs a list; read records are appended.
func packList[T any](p *packer, list *[]T, each func(*packer, *T)) {
	if !p.reading {
		n := uint64(len(*list))
		p.number(&n)
		for i := range *list {
			each(p, &(*list)[i])
		}
		return
	}
	n := p.length()
	*list = slices.Grow(*list, n)
	for range n {
		var x T
		if each(p, &x); p.broken {
			return
		}
		*list = append(*list, x)
	}
}

func (p *packer) books(b *Books) {
	packList(p, &b.Rows, packCall)
	packList(p, &b.Visits, packVisit)
	packList(p, &b.Offers, packOffer)
	packList(p, &b.Calls, packCallSegment)
	packList(p, &b.Agents, packAgentSegment)
}

func packCall(p *packer, c *Call) {
	packText(p, &c.ID)
	packText(p, &c.Parent)
	packText(p, &c.Customer)
	packText(p, &c.Kind)
	p.at(&c.Start)
	p.at(&c.Answer)
	p.at(&c.End)
	packText(p, &c.Disposition)
	packText(p, &c.Cause)
	packText(p, &c.Agent)
	if p.flag(&c.Rated); c.Rated {
		p.real(&c.Rating)
	}
}

func packVisit(p *packer, v *Visit) {
	packText(p, &v.ID)
	packText(p, &v.Call)
	packText(p, &v.Queue)
	packText(p, &v.Agent)
	p.flag(&v.ByTransfer)
	p.at(&v.Enter)
	p.at(&v.Connect)
	p.at(&v.Leave)
	p.at(&v.End)
	packText(p, &v.Result)
	packText(p, &v.EndReason)
	p.duration(&v.ServiceLevel)
	p.duration(&v.ShortAbandon)
	p.duration(&v.WrapUp)
	packText(p, &v.Language)
	packText(p, &v.Region)
}

func packOffer(p *packer, o *Offer) {
	packText(p, &o.ID)
	packText(p, &o.Visit)
	packText(p, &o.Call)
	packText(p, &o.Queue)
	packText(p, &o.Agent)
	p.at(&o.Start)
	p.at(&o.Ringing)
	p.at(&o.End)
	packText(p, &o.Outcome)
}

func packCallSegment(p *packer, s *CallSegment) {
	packText(p, &s.Call)
	packText(p, &s.Kind)
	packText(p, &s.Bucket)
	packText(p, &s.Queue)
	packText(p, &s.Visit)
	packText(p, &s.Agent)
	p.at(&s.Start)
	p.at(&s.End)
}

func packAgentSegment(p *packer, s *AgentSegment) {
	packText(p, &s.Agent)
	packText(p, &s.Bucket)
	packText(p, &s.Reason)
	packText(p, &s.Queue)
	packText(p, &s.Call)
	packText(p, &s.Visit)
	p.at(&s.Start)
	p.at(&s.End)
}
