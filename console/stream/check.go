package stream

import (
	"fmt"
	"slices"

	"ringway/store"
)

// Check tells what of an event the catalogue does not know. It is for tests: what a switch records agrees with what it says.
func Check(e store.Event) error {
	k, ok := KindOf(e.Kind)
	if !ok {
		return fmt.Errorf("the catalogue has no event %q", e.Kind)
	}
	for _, f := range fields {
		have, always := fieldOf(&e, f.Name) != "", slices.Contains(k.Always, f.Name)
		if always && !have {
			return fmt.Errorf("%s lacks %s: %+v", e.Kind, f.Name, e)
		}
		if have && !always && !slices.Contains(k.Maybe, f.Name) {
			return fmt.Errorf("%s has a field %s that the catalogue does not know: %+v", e.Kind, f.Name, e)
		}
	}
	if e.State != "" && k.State.OneOf != nil && !slices.Contains(k.State.OneOf, e.State) {
		return fmt.Errorf("%s became %q, which the catalogue does not know", e.Kind, e.State)
	}
	if e.Reason != "" && k.Reason.OneOf != nil && !slices.Contains(k.Reason.OneOf, e.Reason) {
		return fmt.Errorf("%s has the reason %q, which the catalogue does not know", e.Kind, e.Reason)
	}
	for name := range e.Data {
		if !k.Open && !slices.ContainsFunc(k.Data, func(d Datum) bool { return d.Name == name }) {
			return fmt.Errorf("%s has the datum %s, which the catalogue does not know", e.Kind, name)
		}
	}
	return nil
}

// fieldOf is the value of a field by its name; of data, something when there is any.
func fieldOf(e *store.Event, name string) string {
	switch name {
	case "call":
		return e.Call
	case "leg":
		return e.Leg
	case "visit":
		return e.Visit
	case "offer":
		return e.Offer
	case "queue":
		return e.Queue
	case "agent":
		return e.Agent
	case "state":
		return e.State
	case "reason":
		return e.Reason
	case "data":
		if len(e.Data) > 0 {
			return "data"
		}
	}
	return ""
}
