package dtmf

// Mapper carries events from a leg whose telephone-event clock is one rate to a leg where it is another (8000 ↔ 48000 when
// G.711 meets Opus). It keeps the packet timing of the sender: each packet in gives one packet out.
type Mapper struct {
	in, out uint64 // clocks in Hz
	known   bool
	code    uint8
	start   uint32 // timestamp at which the key went down, over all its segments
	ts      uint32 // of the segment being carried
	last    uint16
}

// NewMapper makes a mapper between two clocks in Hz.
func NewMapper(in, out int) Mapper { return Mapper{in: uint64(max(in, 1)), out: uint64(max(out, 1))} }

// Map returns the event in the outgoing clock, the offset of its segment from the time at which the key went down, and
// whether this packet is the first of a new event.
func (m *Mapper) Map(ts uint32, e Event) (out Event, offset uint32, first bool) {
	if !m.known || ts != m.ts {
		if m.known && e.Code == m.code && m.last > 0x8000 && ts-m.ts >= 0xffff-0x800 && ts-m.ts <= 0x10000 {
			m.ts, m.last = ts, 0 // the next segment of a long key
		} else {
			first = true
			m.known, m.code, m.start, m.ts, m.last = true, e.Code, ts, ts, 0
		}
	}
	m.last = max(m.last, e.Duration)
	units := (uint64(m.ts-m.start) + uint64(e.Duration)) * m.out / m.in
	out = e
	offset, out.Duration = segment(units)
	return out, offset, first
}
