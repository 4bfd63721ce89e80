package store

import (
	"strconv"
	"strings"
)

// EventPlace is a place in the stream of events: right behind the event of this identity. The zero place is before the
// oldest event on record.
//
// The stream is ordered by runs, as they came to record first, and within a run by Seq. A run numbers its events 1, 2, 3 …
// without a hole; the ends that a start writes for a run that crashed begin at ClosingSeq.
type EventPlace struct {
	Boot string
	Seq  uint64
}

// ClosingSeq is where the numbers of closing events begin, far above any that a run counts itself, so that records of the
// run which are replayed later keep their own numbers.
const ClosingSeq = uint64(1) << 62

// Place is where e stands.
func (e *Event) Place() EventPlace { return EventPlace{e.Boot, e.Seq} }

// String is the place as it stands in the id of a stream: BOOT.SEQ.
func (p EventPlace) String() string {
	if p.Boot == "" {
		return ""
	}
	return p.Boot + "." + strconv.FormatUint(p.Seq, 10)
}

// maxPlace is the length of a place in bytes; longer ones are nobody's.
const maxPlace = 64

// ParseEventPlace reads what String wrote.
func ParseEventPlace(s string) (EventPlace, bool) {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || len(s) > maxPlace {
		return EventPlace{}, false
	}
	seq, err := strconv.ParseUint(s[dot+1:], 10, 64)
	return EventPlace{s[:dot], seq}, err == nil
}
