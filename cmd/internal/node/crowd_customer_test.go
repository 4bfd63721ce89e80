package node

import (
	"fmt"
	"math/rand/v2"
	"time"

	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
)

// errand is what one customer of the crowd does.
type errand struct {
	name  string
	times int
	run   func(*customer)
}

// customer is one call of the crowd, with the dice of the one who places it.
type customer struct {
	o    *office
	dice *rand.Rand
	app  *siptest.Handset
	call *siptest.Call
	lang string
}

// errands are the crowd: every way in which a call can go from the customer's side. The agents' phones have dice of their own.
var errands = []errand{
	{"helped", 180, (*customer).helped}, {"flies", 60, func(c *customer) { c.talks("flights") }},
	{"urgent", 40, func(c *customer) { c.talks("urgent") }}, {"preview", 40, func(c *customer) { c.talks("preview") }},
	{"early media", 30, func(c *customer) { c.talks("early") }}, {"vip", 20, func(c *customer) { c.talks("vip") }},
	{"leaves in the queue", 30, (*customer).leavesQueue}, {"leaves while it rings", 30, (*customer).leavesRinging},
	{"leaves in the menu", 15, (*customer).leavesMenu}, {"chooses in the menu", 20, (*customer).chooses},
	{"waits too long", 30, func(c *customer) { c.rings("quiet", 200); c.call.ExpectBye() }},
	{"finds it full", 25, func(c *customer) { c.rings("tiny", 200); c.call.ExpectBye() }},
	{"presses the exit key", 20, (*customer).exits}, {"finds nobody", 15, func(c *customer) { c.rings("closed", 200); c.call.ExpectBye() }},
	{"cancels", 20, (*customer).cancels}, {"busy line", 10, func(c *customer) { c.rings("busy", 486) }},
	{"congestion", 5, func(c *customer) { c.rings("congestion", 503) }}, {"wrong number", 10, func(c *customer) { c.rings("nowhere", 404) }},
	{"phone without contact", 10, func(c *customer) { c.rings("hall", 486) }}, {"calls people", 10, (*customer).callsPeople},
	{"no codec", 8, func(c *customer) { c.offers(strings488) }}, {"broken offer", 7, func(c *customer) { c.offers("v=0\r\nm=audio x RTP/AVP 0\r\n") }},
}

// strings488 is an offer of nothing that we speak.
const strings488 = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\n"

var languages = []string{"zh-TW", "zh-TW", "en", "en", "ja", "ja", "fr", ""}

// serve plays one errand from the credential to the last message.
func (o *office) serve(n int, e errand) {
	dice := rand.New(rand.NewPCG(uint64(n), 7))
	c := &customer{o: o, dice: dice, lang: languages[dice.IntN(len(languages))]}
	c.app = o.app(console.MintRequest{Subject: fmt.Sprintf("c-%d", n), Claims: store.Claims{Language: c.lang, Customer: fmt.Sprintf("k-%d", n)}})
	defer c.app.Close()
	if dice.IntN(20) == 0 && e.name == "helped" {
		c.app.NoMedia = true // the offer comes in the 200, the answer in the ACK
	}
	e.run(c)
	if c.call != nil && !o.b.within(patience, func() bool { return o.b.finished[o.b.calls[c.call.ID]] > 0 }) {
		o.t.Errorf("customer %d, who %s: no CDR", n, e.name)
	}
	for i := 0; i < 100 && c.call.Established() && !c.call.Ended(); i++ {
		time.Sleep(10 * time.Millisecond) // the switch's BYE is on its way: who switches off now leaves it 32 s of repetitions
	}
	time.Sleep(20 * time.Millisecond) // our answer to it, too
}

func (c *customer) pause(least, most int) {
	time.Sleep(time.Duration(least+c.dice.IntN(most-least)) * time.Millisecond)
}

// rings calls and expects that final answer.
func (c *customer) rings(exten string, status int) {
	c.call = c.app.Invite(exten)
	if got := c.call.ExpectFinal(); got.StatusCode != status {
		c.o.t.Errorf("%s got %d, want %d", exten, got.StatusCode, status)
	}
}

// reaches waits for an agent; false when the queue, or the customer's patience, was over first.
func (c *customer) reaches() bool {
	b := c.o.b
	return b.within(patience, func() bool {
		return b.has(c.call.ID, store.VisitConnect, "") || b.finished[b.calls[c.call.ID]] > 0
	}) && b.within(0, func() bool { return b.has(c.call.ID, store.VisitConnect, "") })
}

func (c *customer) helped() { c.talks("help") }

// talks is a conversation that either side ends, with a hold of the customer's at times, and with sound at times.
func (c *customer) talks(exten string) {
	c.call = c.app.Invite(exten)
	if got := c.call.ExpectFinal(); got.StatusCode != 200 {
		return // early media, and nobody came
	}
	sound := c.dice.IntN(4) == 0
	if sound {
		c.call.Send(440)
	}
	if !c.reaches() {
		return
	}
	if c.dice.IntN(8) == 0 && !c.call.Ended() {
		c.call.Reinvite("sendonly")
		c.pause(30, 120)
		c.call.Reinvite("sendrecv")
	}
	if c.dice.IntN(2) == 0 {
		c.pause(100, 600)
		c.hangUp()
		return
	}
	if !c.o.b.within(1200*time.Millisecond, func() bool { return c.o.b.finished[c.o.b.calls[c.call.ID]] > 0 }) {
		c.hangUp() // the agent waits for us
	}
}

// hangUp says goodbye, unless the other side did.
func (c *customer) hangUp() {
	if !c.call.Ended() {
		c.call.Bye()
	}
}

func (c *customer) leavesQueue() {
	c.rings("quiet", 200)
	c.pause(10, 400)
	c.hangUp()
}

func (c *customer) leavesRinging() {
	c.rings("help", 200)
	b := c.o.b
	b.within(3*time.Second, func() bool {
		return b.has(c.call.ID, store.OfferRinging, "") || b.finished[b.calls[c.call.ID]] > 0
	})
	c.hangUp()
}

func (c *customer) leavesMenu() {
	c.rings("menu", 200)
	c.pause(10, 250)
	c.hangUp()
}

func (c *customer) chooses() {
	c.rings("menu", 200)
	if n := c.dice.IntN(3); n < 2 {
		c.pause(10, 500)
		c.call.SendDigit("19"[n])
	}
	c.call.ExpectBye()
}

func (c *customer) exits() {
	c.rings("quiet", 200)
	c.pause(50, 200)
	c.call.SendDigit('1')
	c.call.ExpectBye()
}

func (c *customer) cancels() {
	c.call = c.app.Invite("ringing")
	c.call.Expect(180)
	c.pause(1, 200)
	c.call.Cancel()
	c.call.Expect(487)
}

// callsPeople rings three desks in turn: whoever answers is busy for the queues.
func (c *customer) callsPeople() {
	c.call = c.app.Invite("direct")
	if c.call.ExpectFinal().StatusCode == 200 {
		c.pause(50, 300)
		c.hangUp()
	}
}

func (c *customer) offers(sdp string) {
	c.call = c.app.InviteWith("help", sdp)
	c.call.Expect(488)
}
