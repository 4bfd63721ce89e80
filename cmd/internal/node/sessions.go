package node

import (
	"sync"
	"time"

	"ringway/sip/location"
	"ringway/store"
)

// sessions are the app sessions whose credentials this switch minted, with their claims. Only live ones are kept.
type sessions struct {
	mu   sync.RWMutex // guards what follows
	byID map[string]store.AppSession
}

func newSessions(kept []store.AppSession) *sessions {
	s := &sessions{byID: map[string]store.AppSession{}}
	for _, a := range kept {
		s.byID[a.Session] = a
	}
	return s
}

// Session finds a live session.
func (s *sessions) Session(id string) (store.AppSession, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.byID[id]
	return a, ok
}

// add keeps a session until it expires.
func (s *sessions) add(a store.AppSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[a.Session] = a
}

// byCustomer lists the addresses of record of customers whose sessions are alive.
func (s *sessions) byCustomer() map[string][]string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := map[string][]string{}
	for _, a := range s.byID {
		if aor, err := location.UserAOR(a.Subject, a.Domain); err == nil && a.Claims.Customer != "" {
			out[a.Claims.Customer] = append(out[a.Claims.Customer], aor)
		}
	}
	return out
}

// forget blanks the name and the booking of a customer.
func (s *sessions) forget(customer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, a := range s.byID {
		if a.Claims.Customer == customer && customer != "" {
			a.Claims.Name, a.Claims.Booking = "", ""
			s.byID[id] = a
		}
	}
}

// expire forgets sessions that ended.
func (s *sessions) expire(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, a := range s.byID {
		if !a.Expires.After(now) {
			delete(s.byID, id)
		}
	}
}
