package diag

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// List collects findings. The zero List is ready; it belongs to one goroutine.
type List struct {
	findings []Finding
	errors   int // with those that are not kept
	warnings int
}

// ErrFindings is what Err returns, wrapped, when a configuration has errors.
var ErrFindings = errors.New("the configuration has errors")

// Add appends one finding. Identical findings are kept once when they are read back.
func (l *List) Add(f Finding) {
	if f.Severity == "" {
		f.Severity = Error
	}
	count := &l.warnings
	if f.Severity == Error {
		count = &l.errors
	}
	if *count++; *count <= most {
		l.findings = append(l.findings, f)
	}
}

// Errorf adds an error. The hint may be empty.
func (l *List) Errorf(pos Pos, code, hint, format string, args ...any) {
	l.Add(Wrong(pos, code, hint, format, args...))
}

// Warnf adds a warning. The hint may be empty.
func (l *List) Warnf(pos Pos, code, hint, format string, args ...any) {
	l.Add(Doubtful(pos, code, hint, format, args...))
}

// All returns the findings sorted by file, line, column, code and message, without exact repetitions. Where there are more than
// it keeps, the last one tells how many.
func (l *List) All() []Finding {
	out := slices.Clone(l.findings)
	slices.SortStableFunc(out, compare)
	out = slices.CompactFunc(out, func(a, b Finding) bool { return compare(a, b) == 0 && a.Severity == b.Severity })
	if e, w := max(l.errors-most, 0), max(l.warnings-most, 0); e+w > 0 {
		out = append(out, left(e, w))
	}
	return out
}

func compare(a, b Finding) int {
	switch {
	case a.Pos.before(b.Pos):
		return -1
	case b.Pos.before(a.Pos):
		return 1
	case a.Code != b.Code:
		return strings.Compare(a.Code, b.Code)
	default:
		return strings.Compare(a.Message, b.Message)
	}
}

// HasErrors tells whether any finding forbids the configuration.
func (l *List) HasErrors() bool { return l.errors > 0 }

// Errors counts the findings of severity Error so far: a reader compares before and after to see whether its part is sound.
func (l *List) Errors() int { return l.errors }

// Len counts all findings so far.
func (l *List) Len() int { return l.errors + l.warnings }

// Err returns nil without errors, else an error that wraps ErrFindings and names the first of them.
func (l *List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	for _, f := range l.All() {
		if f.Severity == Error {
			return fmt.Errorf("%w (%d): %s", ErrFindings, l.errors, f)
		}
	}
	return ErrFindings
}
