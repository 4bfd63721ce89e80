// Package desk serves agents at their desks in a browser: what they see of themselves and of the caller, and what they answer to
// an offer before the phone rings.
//
//	router ──records──▶ ┌─────┐ ──*State──▶ tab ──▶ browser        a tab holds the newest state only: one that reads slowly
//	visit ──Present───▶ │ Hub │                                     misses states, never an end
//	browser ──acts────▶ └─────┘ ──Look──▶ router: the truth about an agent is the router's, asked when something happened
//
// A hub never holds up a router or a call: what they tell it goes into a bounded mailbox, and what does not fit makes it look at
// everybody again. What is read from a database comes to a card when it comes.
//
// Ownership: Hub.run owns seats, cards and offers, and asks the router; two Hub.runLoader read what cards need from databases.
// Close ends them and every tab. A Tab's states are read by the goroutine of its request.
package desk
