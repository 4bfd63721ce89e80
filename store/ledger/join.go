package ledger

// Join adds the figures of somebody else in the same span: a team's. Log-in and log-out mean nothing together.
func (a *AgentTally) Join(other AgentTally) {
	before := *a
	a.Merge(other)
	a.Login, a.Logout = before.Login, before.Logout
	a.Span, a.Until, a.Window = other.Span, other.Until, other.Window
}
