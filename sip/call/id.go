package call

import (
	"crypto/rand"
	"strings"
	"time"
)

// digits32 are those of rand.Text, in the order in which they sort.
const digits32 = "234567abcdefghijklmnopqrstuvwxyz"

// newID is an identifier of a call or leg: the time in tenths of a second, then 65 random bits.
//
//	h2k7qpd 5vx3m2a6tbnce
//	└ time  └ random
//
// Identifiers sort roughly by age, so what is young stands together in the indexes of the database: writing a group of
// calls touches a few pages at the end instead of one random page for each. Only that order hangs on the clock.
func newID() string {
	var b [20]byte
	const timeDigits = 7
	t := time.Now().UnixMilli() / 100
	for i := timeDigits - 1; i >= 0; i-- {
		b[i] = digits32[t&31]
		t >>= 5
	}
	copy(b[timeDigits:], strings.ToLower(rand.Text()))
	return string(b[:])
}
