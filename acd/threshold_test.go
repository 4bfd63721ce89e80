package acd

import (
	"testing"

	"ringway/store"
)

func TestThresholdsOfAVisitAreExactInTheEventAndRoundedInTheRow(t *testing.T) {
	d := newDesk(t, "queues:\n  support: {number: \"700\", service_level: 2900ms, short_abandon: 2500ms}\n", "people: []\n")
	spec := mustLoad(t, d.files["queues.yaml"], d.files["people.yaml"])
	Step(epoch, d.s, Apply{Spec: spec})
	for _, o := range Step(epoch, d.s, Enter{Visit: "v1", Call: "c1", Queue: "support"}) {
		r, ok := o.(Record)
		switch {
		case !ok:
		case r.Event != nil && r.Event.Kind == store.VisitEnter:
			if r.Event.Data[store.DataServiceLevel] != "2.9" || r.Event.Data[store.DataShortAbandon] != "2.5" {
				t.Errorf("the event says %v", r.Event.Data)
			}
		case r.Visit != nil:
			if r.Visit.ServiceLevelSeconds != 3 {
				t.Errorf("the row says %d s", r.Visit.ServiceLevelSeconds)
			}
		}
	}
}
