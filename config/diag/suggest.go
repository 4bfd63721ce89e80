package diag

import (
	"slices"
	"strings"
)

// Suggest returns "did you mean 'playback'?" for the known word nearest to a mistyped one, or "" when none is near.
// Ties go to the alphabetically first, so that output is stable.
func Suggest(word string, known []string) string {
	if best := Nearest(word, known); best != "" {
		return "did you mean '" + best + "'?"
	}
	return ""
}

// Nearest returns the known word within a third of the word's length in edits (at least one), or "".
func Nearest(word string, known []string) string {
	folded := fold(word)
	if folded == "" || len(folded) > 64 {
		return ""
	}
	limit := max(1, len([]rune(folded))/3)
	best, distance := "", limit+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := edits(folded, fold(k), distance); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// fold makes play-back, PlayBack and play_back the same word.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// edits counts insertions, deletions, replacements and swaps of neighbours between a and b (optimal string alignment);
// lengths that already differ by limit or more are not measured.
func edits(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d >= limit || -d >= limit {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
