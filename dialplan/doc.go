// Package dialplan turns an administrator's YAML into an immutable Plan and runs calls through it.
//
//	YAML ──Load──▶ Plan ──NewRun──▶ Run ──verbs──▶ Channel
//	      findings              one a call       sip/call, dialplan/sim
//
// The words are Asterisk's (contexts, extensions, patterns, labels, includes, gosub); what it does not copy are the traps:
// a matched extension is never searched again, a call keeps the Plan it started with, a branch to a missing place is
// a finding of Load, and no string is evaluated twice.
//
// Ownership: a Plan is shared and never changes. A Run, its variables and its stack belong to the goroutine that walks it
// by Exec, Begin or Resume; the package starts no goroutine of its own. What a Channel does is the channel owner's business.
package dialplan
