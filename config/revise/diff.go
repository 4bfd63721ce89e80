package revise

import (
	"fmt"
	"slices"
	"strings"
)

// FileDiff is how one file differs between two versions.
type FileDiff struct {
	Path   string
	Change Kind
	Text   string // a unified diff
}

// Kind says what happened to something.
type Kind string

// Kinds of change.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// Diff compares two sets of files line by line.
func Diff(old, next map[string]string) []FileDiff {
	out := []FileDiff{}
	for _, path := range names(old, next) {
		a, was := old[path]
		b, is := next[path]
		switch {
		case was && is && a == b:
		case !was:
			out = append(out, FileDiff{path, Added, unified("/dev/null", path, "", b)})
		case !is:
			out = append(out, FileDiff{path, Removed, unified(path, "/dev/null", a, "")})
		default:
			out = append(out, FileDiff{path, Changed, unified(path, path, a, b)})
		}
	}
	return out
}

// names are the keys of two maps, sorted.
func names[T any](a, b map[string]T) []string {
	var out []string
	for n := range a {
		out = append(out, n)
	}
	for n := range b {
		if _, both := a[n]; !both {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// around is how many equal lines stand around a change.
const around = 3

// line is one line of a comparison: ' ', '-' or '+', and where it stands on each side.
type line struct {
	sign byte
	text string
	a, b int // lines before it on each side
}

// unified writes a unified diff.
func unified(from, to, a, b string) string {
	all := compare(split(a), split(b))
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", from, to)
	for i := 0; i < len(all); {
		if all[i].sign == ' ' {
			i++
			continue
		}
		first, last := i, i
		for j := i; j < len(all) && j-last <= 2*around; j++ {
			if all[j].sign != ' ' {
				last = j
			}
		}
		hunk(&out, all[max(0, first-around):min(len(all), last+around+1)])
		i = last + 1
	}
	return out.String()
}

func hunk(out *strings.Builder, lines []line) {
	left, right := 0, 0
	for _, l := range lines {
		if l.sign != '+' {
			left++
		}
		if l.sign != '-' {
			right++
		}
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", stretch(lines[0].a, left), stretch(lines[0].b, right))
	for _, l := range lines {
		out.WriteByte(l.sign)
		out.WriteString(strings.TrimSuffix(l.text, "\n"))
		out.WriteByte('\n')
		if !strings.HasSuffix(l.text, "\n") {
			out.WriteString("\\ No newline at end of file\n")
		}
	}
}

// stretch names lines as a hunk does; one of none is named by the line before it.
func stretch(before, count int) string {
	if count == 0 {
		return fmt.Sprintf("%d,0", before)
	}
	return fmt.Sprintf("%d,%d", before+1, count)
}

// split cuts a text into lines that keep their ends.
func split(s string) []string {
	lines := strings.SplitAfter(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
