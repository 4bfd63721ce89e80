// Package sip is the house of signalling; it holds no code of its own.
//
//	      datagrams and streams
//	              │
//	         transport        flows, limits, strict validation, one shard per Call-ID
//	              │
//	         transaction      retransmissions, CANCEL, ACK to failures, 100 Trying
//	       ┌──────┼───────────────┐
//	auth, registrar, location   leg   trunk, proxy
//	       └──────┼───────────────┘
//	            call          the B2BUA: one actor per call
//
// Arrows point down in the direction of imports: a lower package never knows a higher one. Only packages below sip/ see the
// library sipgo, of which the message model is used, always imported as sipmsg. siptest holds scripted phones for tests and
// imports none of the others.
package sip
