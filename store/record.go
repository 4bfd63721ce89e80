package store

// Record is one thing to save: exactly one field is set. Keepers save records in the order they come, in groups, and
// saving the same record twice changes nothing: rows are keyed by identifier, events by (Node, Boot, Seq).
type Record struct {
	Event    *Event
	Call     *Call // inserted at the start, completed at the end: the later one wins
	Leg      *Leg
	Visit    *Visit
	Offer    *Offer
	Decision *Decision
	Binding  *BindingChange
	Agent    *AgentSaved
	Session  *AppSession

	Outcome *CallOutcome // the later one wins
	Note    *CallNote    // likewise

	Recording *Recording // inserted at the start, completed at the end
}

// BindingChange is a binding that was created or refreshed, or one that went away.
type BindingChange struct {
	Binding
	Removed bool
}
