package acd

import "math/bits"

// bitset is a set of agents by index. All sets of a State have the same length.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i int) bool { return b[i>>6]>>(i&63)&1 == 1 }

func (b bitset) put(i int, in bool) {
	if in {
		b[i>>6] |= 1 << (i & 63)
	} else {
		b[i>>6] &^= 1 << (i & 63)
	}
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// copyFrom makes b equal to a.
func (b bitset) copyFrom(a bitset) { copy(b, a) }

func (b bitset) and(a bitset) {
	for i := range b {
		b[i] &= a[i]
	}
}

func (b bitset) or(a bitset) {
	for i := range b {
		b[i] |= a[i]
	}
}

// take moves from b to into what is not in keep.
func (b bitset) take(into, keep bitset) {
	for i := range b {
		into[i] = b[i] &^ keep[i]
		b[i] &= keep[i]
	}
}

// each calls f for the members in rising order until it returns false.
func (b bitset) each(f func(int) bool) {
	for w, word := range b {
		for word != 0 {
			if !f(w<<6 + bits.TrailingZeros64(word)) {
				return
			}
			word &= word - 1
		}
	}
}
