// Package acd decides which agent answers which caller: queues, agents, offers. It decides and never dials.
//
// The core is Step, a pure function: (now, state, input) → outputs. No clock, no I/O, no goroutine; the random seed is
// state and no order of a map reaches an output, so recorded inputs fed back give identical outputs. The live switch, the
// simulator and the tests run the same Step.
//
//	offline → available → reserved → ringing → talk ⇄ hold → wrap_up → available        beside them: not_ready (a reason),
//	                                                    ⇅ consult                        not_responding, unreachable,
//	                                                                                     outbound (any other dialog)
//
// The state of an agent is not stored by twenty writers but derived from facts (joined queues, phones, dialogs, the live
// offer, pause, wrap-up) by one function, bucketOf, and written by one, (*State).settle: see agent.go.
//
// What a decision costs does not grow with queues × members: agents are bits, callers who are wanted by the same agents
// form one class (class.go), and only the agents that survive every rule are ranked (match.go).
//
// Ownership: a State belongs to the one goroutine that calls Step. Router is that goroutine in the live switch
// (Router.run); its Post never blocks. A Spec is immutable and shared.
package acd
