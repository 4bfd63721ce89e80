package revise

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"ringway/config/diag"
)

// maskPrefix begins what stands in the place of a secret.
const maskPrefix = "masked:"

// codeMask is the finding for a mask whose secret is not known.
const codeMask = "CF009"

// maxMasks bounds the secrets that are remembered.
const maxMasks = 100_000

// WithheldPrefix begins what is shown instead of a file whose secrets can't be told from the rest of it. It can't be sent back.
const WithheldPrefix = "# This file is not shown: "

// Masks hides secrets and knows them again. A mask says nothing of the secret, but equal secrets have equal masks, so that a
// change shows in a comparison; it is good as long as the Masks are.
type Masks struct {
	key []byte

	mu    sync.Mutex        // guards what follows
	known map[string]string // mask → the secret as it was written, quotes included
}

// NewMasks has masks of its own.
func NewMasks() *Masks {
	return &Masks{key: []byte(rand.Text()), known: map[string]string{}}
}

// mask stands for a secret; raw is how it is written.
func (m *Masks) mask(value, raw string) string {
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(value))
	out := maskPrefix + hex.EncodeToString(h.Sum(nil))[:12]
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxMasks {
		clear(m.known)
	}
	m.known[out] = raw
	return out
}

func (m *Masks) reveal(mask string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	raw, ok := m.known[mask]
	return raw, ok
}

// Hide puts masks in the place of secrets. Where they can't be found or replaced, it is false and the reason stands in the
// place of the file.
func (m *Masks) Hide(file, text string) (string, bool) {
	var ignored diag.List
	nodes, ok := secretNodes(file, text, &ignored)
	if !ok {
		if file == "ringway.yaml" || file == "people.yaml" {
			return WithheldPrefix + "it is not valid YAML, so its secrets can't be told from the rest\n", false
		}
		return text, true
	}
	lines := strings.Split(text, "\n")
	var swaps []swap
	for _, n := range nodes {
		value := n.String("")
		if !plain(value) {
			continue
		}
		at, ok := n.Span()
		if !ok {
			return WithheldPrefix + "a secret in it is written over several lines\n", false
		}
		swaps = append(swaps, swap{at, m.mask(value, lines[at.Line-1][at.From:at.To])})
	}
	return put(lines, swaps), true
}

// Shift is where a text that was sent with a mask differs from the one that was checked: columns behind it are moved.
type Shift struct{ Line, Col, Sent, Real int }

// Reveal puts the secrets back. A mask that is not known is a finding. The shifts tell how positions of findings move.
func (m *Masks) Reveal(file, text string, l *diag.List) (string, []Shift) {
	if !strings.Contains(text, maskPrefix) {
		return text, nil
	}
	var ignored diag.List
	nodes, ok := secretNodes(file, text, &ignored)
	if !ok {
		return text, nil
	}
	lines := strings.Split(text, "\n")
	var swaps []swap
	var shifts []Shift
	for _, n := range nodes {
		value := n.String("")
		at, ok := n.Span()
		if !strings.HasPrefix(value, maskPrefix) || !ok {
			continue
		}
		raw, ok := m.reveal(value)
		if !ok {
			l.Errorf(n.Pos(), codeMask, "write the secret itself, or where it lies", "the secret behind this mask is not known any more")
			continue
		}
		line := lines[at.Line-1]
		swaps = append(swaps, swap{at, raw})
		shifts = append(shifts, Shift{at.Line, utf8.RuneCountInString(line[:at.From]) + 1, utf8.RuneCountInString(line[at.From:at.To]),
			utf8.RuneCountInString(raw)})
	}
	return put(lines, swaps), shifts
}

// Back moves a column of the checked text to the sent one.
func Back(shifts []Shift, line, col int) int {
	out := col
	for _, s := range shifts {
		start := s.Col // where the secret begins in the checked text: earlier ones moved it
		for _, before := range shifts {
			if before.Line == s.Line && before.Col < s.Col {
				start += before.Real - before.Sent
			}
		}
		switch {
		case s.Line != line || col <= start:
		case col >= start+s.Real:
			out += s.Sent - s.Real
		default: // inside the secret: at its beginning
			out -= col - start
		}
	}
	return out
}

// swap is one scalar and what is put in its place.
type swap struct {
	at diag.Span
	by string
}

// put makes the swaps, from the back so that places stay right, and each place once: aliases share one.
func put(lines []string, swaps []swap) string {
	slices.SortFunc(swaps, func(a, b swap) int {
		if a.at.Line != b.at.Line {
			return b.at.Line - a.at.Line
		}
		return b.at.From - a.at.From
	})
	for i, s := range swaps {
		if i > 0 && swaps[i-1].at == s.at {
			continue
		}
		line := lines[s.at.Line-1]
		lines[s.at.Line-1] = line[:s.at.From] + s.by + line[s.at.To:]
	}
	return strings.Join(lines, "\n")
}
