package opus

import (
	"strconv"
	"strings"

	libopus "github.com/hraban/opus"
)

// params is what a far end asks of our encoder in its fmtp line (RFC 7587 §6.1). Parameters that concern only its own
// sending (sprop-…), stereo and DTX, which we never use, are not kept.
type params struct {
	maxBitrate int  // maxaveragebitrate in bit/s; 0 when absent or out of range
	maxRate    int  // maxplaybackrate in Hz; 0 when absent
	constant   bool // cbr=1
	noFEC      bool // useinbandfec=0, said outright: absence of the word is taken as "don't mind"
}

// parseParams reads "useinbandfec=1; maxaveragebitrate=20000"; what it does not understand has no effect.
func parseParams(fmtp string) params {
	var p params
	for word := range strings.SplitSeq(fmtp, ";") {
		key, value, _ := strings.Cut(word, "=")
		n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
		if err != nil {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "maxaveragebitrate":
			if n >= minBitrate && n <= 510000 {
				p.maxBitrate = int(n)
			}
		case "maxplaybackrate":
			p.maxRate = int(n)
		case "cbr":
			p.constant = n == 1
		case "useinbandfec":
			p.noFEC = n == 0
		}
	}
	return p
}

// bandwidth is the limit that maxplaybackrate sets; false when there is none.
func (p params) bandwidth() (libopus.Bandwidth, bool) {
	switch {
	case p.maxRate <= 0 || p.maxRate > 24000:
		return 0, false
	case p.maxRate <= 8000:
		return libopus.Narrowband, true
	case p.maxRate <= 12000:
		return libopus.Mediumband, true
	case p.maxRate <= 16000:
		return libopus.Wideband, true
	}
	return libopus.SuperWideband, true
}
