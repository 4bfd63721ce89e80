// Package siptest is scripted phones and carriers for tests, over real UDP sockets, in the manner of httptest:
//
//	mei := siptest.NewPhone(t, siptest.Phone{User: "mei", Password: "secret", Server: addr})
//	mei.Register()
//	call := mei.Invite("700")
//	call.Expect(180)
//	call.Expect(200)                   // acknowledged by itself
//	call.Send(440)                     // a tone, as PCMU in RTP
//	call.WantTone(t, 1000)             // what is heard, measured by Goertzel
//	call.Bye()
//
//	tom := siptest.NewPhone(t, siptest.Phone{User: "tom", …})
//	call := tom.ExpectCall()
//	call.Ring(2)
//	call.Answer()
//	call.ExpectBye()
//
// A phone answers what a phone must without being told: ACK to each final answer, 200 to BYE, CANCEL (and 487 to the INVITE), OPTIONS,
// INFO and re-INVITE. Meddle drops, repeats or delays chosen messages. A carrier is a phone without a user that calls and is called
// by address. Every wait has a deadline (Phone.Patience) and fails the test with what had come instead.
//
// It imports none of our packages, so that it can't share their bugs.
//
// Ownership: each phone has one goroutine that reads its socket, one for each answer or tone that is being repeated, and ends them all in
// the test's clean-up. Calls are guarded by their phone's lock.
package siptest
