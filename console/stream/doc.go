// Package stream gives what happens on the switch to whoever subscribes: the catalogue of events with their schema, the hub
// through which they pass, and readers that go on from any event on record.
//
//	writer ──Post──▶ ring ──▶ Subscription   in-process, from now on
//	                  │  └──▶ Reader         from any place: the past from the database, then live,
//	database ─────────┘                      without a gap or a duplicate, or with a Gap that says so
//
// A reader holds a place and nothing else: all read the same ring, and one that falls behind it goes on from the database.
// So a slow reader costs no memory, and none makes anybody wait.
//
// Ownership: Hub counts the one goroutine that wakes readers; Close ends it. Readers and subscriptions belong to whoever
// opened them; they run in the caller's goroutine.
package stream
