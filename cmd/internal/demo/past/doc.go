// Package past makes the history of the sample company: weeks of calls that never were, so that a newcomer's first report is
// not empty.
//
// Robot customers and robot agents live on a virtual clock, and the switch's own acd.Step decides who gets whom: what is on
// record is what the queues would really have done. The same seed makes the same history. All of it is on record as of a node
// of its own, Node, so that nobody takes it for real calls.
//
//	arrivals ──▶ agenda (a heap of moments) ──▶ acd.Step ──▶ outputs: ring a robot, wake up, records
//	                    ▲                                        │
//	                    └──── answers, hang-ups, pauses ◀────────┘
//
// Ownership: one goroutine, that of the caller.
package past
