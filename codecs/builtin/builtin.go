// Package builtin is the one ordered list of the codecs that Ringway speaks. A new codec is one more line here.
package builtin

import (
	"ringway/codecs"
	"ringway/codecs/g711"
	"ringway/codecs/g722"
	"ringway/codecs/l16"
	"ringway/codecs/opus"
)

// All lists every codec, most wanted first.
func All() *codecs.Set {
	return codecs.NewSet(
		opus.Codec(),
		g722.Codec(),
		g711.PCMU(),
		g711.PCMA(),
		l16.Wide(),
		l16.Narrow(),
	)
}
