package demo

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"ringway/cmd/internal/node"
	"ringway/console/desk"
	"ringway/sip/phone"
	"ringway/store"
	"ringway/store/sqlite"
)

// opened starts the company for one test.
func opened(t *testing.T) *company {
	t.Helper()
	var out screen
	c, err := open(t.Context(), Options{Data: t.TempDir(), Port: -1, Out: &out, Log: slog.New(slog.DiscardHandler), Program: "ringway"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// shows waits until a desk shows something.
func shows(t *testing.T, tab *desk.Tab, fits func(*desk.State) bool) *desk.State {
	t.Helper()
	limit := time.After(patience)
	for {
		select {
		case s := <-tab.States():
			if fits(s) {
				return s
			}
		case <-limit:
			t.Fatal("the desk never showed it")
		}
	}
}

// TestTheRobotAnswersOnAccept: with somebody at Mei's desk her phone rings until she says yes.
func TestTheRobotAnswersOnAccept(t *testing.T) {
	c := opened(t)
	tab, err := c.node.Desks().Open(t.Context(), "mei", "tab")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan visit, 1)
	go func() { done <- c.visit(t.Context(), customers[0], stay{patience, listen}) }()
	s := shows(t, tab, func(s *desk.State) bool { return s.Agent.State == "ringing" && s.Offer != nil })
	if !s.Offer.CanAccept || s.Offer.Card.Customer.Name != customers[0].claims.Name {
		t.Errorf("%+v %+v", s.Offer, s.Offer.Card.Customer)
	}
	quiet := time.After(time.Second) // much longer than a robot thinks
	for waiting := true; waiting; {
		select {
		case s := <-tab.States():
			if s.Call != nil {
				t.Error("the robot answered by itself")
				waiting = false
			}
		case <-quiet:
			waiting = false
		}
	}
	if err := c.node.Desks().Accept(t.Context(), "mei", s.Offer.ID); err != nil {
		t.Error(err)
	}
	shows(t, tab, func(s *desk.State) bool { return s.Call != nil })
	if v := <-done; v.err != nil || v.talk == nil || v.talk.account != "mei" || !v.heardBoth() {
		t.Errorf("%+v", v)
	}
}

// TestANewcomerNeedsNoPhone: whoever sits at Sam's desk answers there, and the phone is gone with the desk.
func TestANewcomerNeedsNoPhone(t *testing.T) {
	c := opened(t)
	desks := c.node.Desks()
	tab, err := desks.Open(t.Context(), newcomer, "tab")
	if err != nil {
		t.Fatal(err)
	}
	if err := desks.Ready(t.Context(), newcomer); err != nil {
		t.Fatal(err)
	}
	shows(t, tab, func(s *desk.State) bool { return s.Agent.State == "available" && s.Phones[0].Registered })
	done := make(chan visit, 1)
	go func() { done <- c.visit(t.Context(), customers[2], stay{patience, listen}) }()
	s := shows(t, tab, func(s *desk.State) bool { return s.Offer != nil && s.Offer.CanAccept })
	if err := desks.Accept(t.Context(), newcomer, s.Offer.ID); err != nil {
		t.Error(err)
	}
	shows(t, tab, func(s *desk.State) bool { return s.Call != nil })
	if v := <-done; v.err != nil || v.talk == nil || v.talk.account != newcomer || !v.heardBoth() {
		t.Errorf("%+v", v)
	}
	tab.Close()
	for limit := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, live := binding(c, newcomer); !live {
			return
		}
		if time.Now().After(limit) {
			t.Fatal("the phone outlives the desk")
		}
	}
}

// binding tells who is registered on an account.
func binding(c *company, account string) (agent string, live bool) {
	for _, b := range c.node.Bindings(context.Background()) {
		if b.AOR == "sip:"+account+"@"+c.config.Settings.Realm {
			return b.UserAgent, true
		}
	}
	return "", false
}

// TestAPhoneReplacesTheRobot: somebody registers on Mei's account, and it is hers to answer.
func TestAPhoneReplacesTheRobot(t *testing.T) {
	c := opened(t)
	rings := make(chan *phone.Call, 4)
	o := phoneTo(c.server, c.config.Settings.Realm)
	o.User, o.Password, o.Agent = "mei", c.config.Secret(c.config.Settings.Accounts["mei"].Password), "Desk phone"
	o.Incoming = func(in *phone.Call) {
		in.Ring()
		rings <- in
	}
	mei, err := phone.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), goodbye)
		defer cancel()
		mei.Close(ctx)
	})
	if err := mei.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan visit, 1)
	go func() { done <- c.visit(t.Context(), customers[0], stay{patience, listen}) }()
	in := await(t, rings)
	time.Sleep(time.Second) // much longer than a robot thinks
	in.Reject(603)
	if v := <-done; v.err != nil || v.talk == nil || v.talk.account == "mei" {
		t.Errorf("%+v", v)
	}
	if got := statuses(t, c, "mei"); !slices.Equal(got, []int{404, 603}) {
		t.Errorf("Mei's phones answered %v: the robot's must say 404, and leave it to the other what becomes of the offer", got)
	}
}

// statuses are what the phones of an agent answered to the calls that they did not take, once all of those are on record.
func statuses(t *testing.T, c *company, agent string) (out []int) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), node.DatabasePath(c.o.Data, c.config.Settings.Database), sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		out = nil
		page, err := db.Calls(t.Context(), store.CallQuery{Agent: agent})
		if err != nil {
			t.Fatal(err)
		}
		open := len(page.Calls) == 0
		for _, call := range page.Calls {
			story, err := db.Story(t.Context(), call.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range story.Legs {
				if open = open || l.End.IsZero(); l.Agent == agent && l.Direction == store.Out {
					out = append(out, l.Status)
				}
			}
		}
		if !open {
			break
		}
	}
	slices.Sort(out)
	return out
}
