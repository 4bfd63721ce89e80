package lookup

import (
	"strings"
	"testing"
)

// A fault in asking costs the look-up and nothing else.
func TestAFaultCostsTheLookUp(t *testing.T) {
	s := New(Options{Deliver: func(string) {}})
	defer s.Close()
	r, err := s.askSafely(&question{addr: "http://127.0.0.1:1/"}) // without a client
	if r != nil || err == nil || !strings.Contains(err.Error(), "panic") {
		t.Errorf("%+v %v", r, err)
	}
	if why := reason(err); why != "the system can't be reached" {
		t.Errorf("the card says %q", why)
	}
}
