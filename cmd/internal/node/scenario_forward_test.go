package node

import "testing"

// People let a phone forward its calls to what they would dial: a colleague's number. The Contact is as Twinkle writes it.
func TestAPhoneForwardsToANumber(t *testing.T) {
	o := openOffice(t, edit{"ringway.yaml", `number: "203"`, `number: "213"`})
	caller, away, colleague := o.phone("zh1"), o.phone("zh2"), o.phone("en2")
	for _, to := range []string{"sip:212@wayfare.example", "sip:212@127.0.0.1;user=phone", "sip:en2@wayfare.example"} {
		a := caller.Invite("202")
		away.ExpectCall().Decline(302, "Contact: <"+to+">;q=0.900\r\n")
		in := colleague.ExpectCall()
		in.Answer()
		a.Expect(200)
		a.Bye()
		in.ExpectBye()
	}
	for _, to := range []string{"sip:213@wayfare.example", "sip:212@carrier.example", "sip:0015550100@wayfare.example"} {
		a := caller.Invite("202") // two have that number; another company's; none of ours
		away.ExpectCall().Decline(302, "Contact: <"+to+">\r\n")
		a.Expect(603)
	}
}
