package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"ringway/store"
)

// Standing is how one letter is doing.
type Standing struct {
	Letter
	ID    string // of these settings
	Last  time.Time
	Next  time.Time
	Asked bool      // somebody wants it now, and it did not leave yet
	Error string    // why it left for nobody at the last try
	Again time.Time // when that is tried again; zero: at Next
	Each  []store.ReportMail
}

// maxKnown bounds how many letters are looked up on record.
const maxKnown = 500

// id names a letter in an address.
func (l Letter) id() string {
	sum := sha256.Sum256([]byte(l.key()))
	return hex.EncodeToString(sum[:8])
}

// List tells how the letters are doing, each once, in the order of the configuration.
func (p *Post) List(ctx context.Context) ([]Standing, error) {
	found, err := p.o.Sent.ReportMails(ctx, maxKnown)
	if err != nil {
		return nil, err
	}
	known := make(map[string]store.ReportMail, len(found))
	for _, m := range found {
		known[m.Letter] = m
	}
	now := p.o.Now()
	out, listed := []Standing{}, map[string]bool{}
	for _, l := range p.o.Letters() {
		if listed[l.key()] { // the same settings are the same letter
			continue
		}
		listed[l.key()] = true
		s := Standing{Letter: l, ID: l.id(), Last: l.due(now), Next: l.next(now)}
		for _, one := range l.all() {
			m, ok := known[l.only(one).key()]
			if !ok {
				m = store.ReportMail{To: one}
			}
			s.Each = append(s.Each, m)
		}
		p.mu.Lock()
		failed := p.failed[l.key()]
		s.Asked = p.asked[l.key()]
		p.mu.Unlock()
		s.Error, s.Again = failed.why, failed.again
		out = append(out, s)
	}
	return out, nil
}

// Send has the last one of a letter sent now, to all who should have it, whether they have it already or not. It does not wait: List
// tells what came of it.
func (p *Post) Send(id string) (Letter, error) {
	for _, l := range p.o.Letters() {
		if l.id() != id {
			continue
		}
		p.mu.Lock()
		p.asked[l.key()] = true
		p.mu.Unlock()
		select {
		case p.bell <- struct{}{}:
		default: // it rings already
		}
		return l, nil
	}
	return Letter{}, ErrUnknown
}

// take is what there is to know of a letter before a try, and whether somebody asked for it.
func (p *Post) take(key string) (before attempt, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed[key], p.asked[key]
}

// put notes how a try ended, nil for well; what was asked for is answered by it.
func (p *Post) put(key string, failed *attempt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.asked, key)
	if failed == nil {
		delete(p.failed, key)
		return
	}
	p.failed[key] = *failed
}
