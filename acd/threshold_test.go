package acd

import (
	"testing"
	"time"

	"ringway/store"
)

func TestThresholdsOfAVisitAreExactInTheEventAndInTheRowAndStayAsTheyWere(t *testing.T) {
	d := newDesk(t, "queues:\n  support: {number: \"700\", service_level: 2900ms, short_abandon: 2500ms}\n", "people: []\n")
	spec := mustLoad(t, d.files["queues.yaml"], d.files["people.yaml"])
	Step(epoch, d.s, Apply{Spec: spec})
	out := Step(epoch, d.s, Enter{Visit: "v1", Call: "c1", Queue: "support"})
	edited := newDesk(t, "queues:\n  support: {number: \"700\", service_level: 60s, short_abandon: 9s}\n", "people: []\n")
	Step(epoch, d.s, Apply{Spec: mustLoad(t, edited.files["queues.yaml"], edited.files["people.yaml"])})
	out = append(out, Step(epoch.Add(time.Second), d.s, Leave{Visit: "v1"})...)
	rows := 0
	for _, o := range out {
		r, ok := o.(Record)
		switch {
		case !ok:
		case r.Event != nil && r.Event.Kind == store.VisitEnter:
			if r.Event.Data[store.DataServiceLevel] != "2.9" || r.Event.Data[store.DataShortAbandon] != "2.5" {
				t.Errorf("the event says %v", r.Event.Data)
			}
		case r.Visit != nil:
			rows++
			if r.Visit.ServiceLevel != 2900*time.Millisecond || r.Visit.ShortAbandon != 2500*time.Millisecond {
				t.Errorf("the row says %s and %s", r.Visit.ServiceLevel, r.Visit.ShortAbandon)
			}
		}
	}
	if rows == 0 {
		t.Error("no row was written")
	}
}
