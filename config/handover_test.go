package config

import (
	"testing"
	"time"
)

// Any queue's name, and nothing else about it, leads somewhere.
func TestHandoverTakesQueues(t *testing.T) {
	p := handover()
	if p == nil {
		t.Fatal("the plan for handing over does not compile")
	}
	for _, queue := range []string{"help", "vip-flights", "700"} {
		if !p.Accepts(HandoverContext, queue, time.Now()) {
			t.Errorf("%s is not accepted", queue)
		}
	}
}
