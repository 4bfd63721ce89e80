package l16

import (
	"testing"

	"ringway/codecs/codectest"
)

func TestNarrow(t *testing.T) { codectest.Run(t, Narrow()) }
func TestWide(t *testing.T)   { codectest.Run(t, Wide()) }

func BenchmarkWide(b *testing.B) { codectest.Bench(b, Wide()) }
