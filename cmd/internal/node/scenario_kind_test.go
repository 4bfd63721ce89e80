package node

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/dialplan"
	"ringway/sip/siptest"
	"ringway/store"
	"ringway/store/ledger"
)

// starter loads what `ringway init` writes.
func starter(t *testing.T) *config.Config {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "company")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	c, found, _ := config.Load(dir)
	if c == nil {
		t.Fatal(found.All())
	}
	return c
}

func TestWhoseCallsAreACustomers(t *testing.T) {
	c := starter(t)
	lobby := c.Settings.Accounts["mei"]
	c.Settings.Accounts["lobby"] = lobby
	for account, want := range map[string]store.CallKind{"mei": store.Internal, "lobby": store.Internal, "guest": store.Customer} {
		if got := shownOf(c)(account).Kind; got != want {
			t.Errorf("calls of %s are of kind %s, want %s", account, got, want)
		}
	}
	d := newDesks(forgets{})
	if who := personOf(c, d); who("mei") != "mei" || who("lobby") != "" || who("guest") != "" {
		t.Errorf("mei belongs to %q, the lobby to %q, guest to %q", who("mei"), who("lobby"), who("guest"))
	}
}

func TestLimitsOfCallsFollowTheSettings(t *testing.T) {
	s := starter(t).Settings
	if l := callLimits(s); l.RTPTimeout != 0 || l.Silence != 30*time.Second || l.Calls != 500 {
		t.Errorf("%+v", l)
	}
	s.RTP.HangUp = 10 * time.Minute
	if l := callLimits(s); l.RTPTimeout != 10*time.Minute {
		t.Errorf("hang_up: 10m is a limit of %s", l.RTPTimeout)
	}
}

func TestEachPhoneSaysForItselfWhetherItAnswersAlone(t *testing.T) {
	o := offerOf(acd.AgentOffer{ID: "v.1", Agent: "mei", Accounts: []acd.PhoneRef{{Account: "desk", AutoAnswer: true}, {Account: "soft"}}})
	if len(o.Phones) != 2 || o.Phones[0] != (dialplan.Phone{Account: "desk", AutoAnswer: true}) || o.Phones[1] != (dialplan.Phone{Account: "soft"}) {
		t.Errorf("%+v", o)
	}
}

// forgets is where records end.
type forgets struct{}

func (forgets) Record(store.Record) {}

func TestWhoSitsAtAHotDesk(t *testing.T) {
	c := starter(t)
	d := newDesks(forgets{})
	who := personOf(c, d)
	sits := func(agent, account, mei, hall string) {
		t.Helper()
		d.Record(store.Record{Agent: &store.AgentSaved{Agent: agent, Account: account}})
		if who("mei") != mei || who("hall") != hall {
			t.Errorf("%s at %q: mei is %q's, hall %q's; want %q, %q", agent, account, who("mei"), who("hall"), mei, hall)
		}
	}
	sits("ken", "hall", "mei", "ken")
	sits("ken", "hall", "mei", "ken")
	sits("wei", "hall", "mei", "wei") // she took it over
	sits("ken", "", "mei", "wei")
	sits("wei", "other", "mei", "")
	sits("wei", "", "mei", "")
	if len(d.at)+len(d.by) != 0 {
		t.Errorf("left: %v %v", d.at, d.by)
	}
}

// An agent's own calls are hers in the records: to a colleague, through a carrier, and her feature codes, which are neither.
func TestOwnCallsOfAnAgent(t *testing.T) {
	o := openOffice(t)
	carrier := siptest.NewPhone(t, siptest.Phone{User: "carrier", Password: "pw", Domain: "wayfare.example", Server: o.server, Patience: patience})
	o.edit(edit{"ringway.yaml", "sip:127.0.0.2:15999", "sip:" + carrier.Addr()})
	if r := o.n.Reload(context.Background()); !r.Applied {
		t.Fatal(r.Report)
	}
	begun := time.Now().Add(-time.Minute)
	zh1, en1 := o.phone("zh1"), o.phone("en1")
	o.dial(zh1, "*45")
	kinds := map[string]store.CallKind{}
	for number, callee := range map[string]*siptest.Handset{"211": en1, "0049301234": carrier} {
		chat := zh1.Invite(number)
		in := callee.ExpectCall()
		in.Ring(1)
		in.Answer()
		chat.Expect(200)
		in.ExpectAck()
		chat.Bye()
		in.ExpectBye()
		kinds[number] = o.over(chat).Kind
	}
	o.quiet(patience)
	o.silent()
	if kinds["211"] != store.Internal || kinds["0049301234"] != store.Outgoing {
		t.Errorf("rows: %v", kinds)
	}
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	var events []store.Event
	for _, of := range o.b.events {
		events = append(events, of...)
	}
	now := time.Now().Add(time.Minute)
	books := ledger.Build(events, now)
	services := 0
	for _, c := range books.Rows {
		if c.Kind == store.Service && c.Agent == "zh1" {
			services++
		}
	}
	if services != 1 {
		t.Errorf("%d feature codes of hers on record, want 1: %+v", services, books.Rows)
	}
	for _, a := range books.AgentTallies(ledger.Span{From: begun, To: now}) {
		if a.Agent == "zh1" && (a.Internal != 1 || a.Out != 1) {
			t.Errorf("handled_internal %d, handled_out %d; want 1 and 1", a.Internal, a.Out)
		}
	}
	for _, l := range o.b.legs {
		if l.Account != l.Agent {
			t.Errorf("a leg of %q is on record as %q's", l.Account, l.Agent)
		}
	}
}
