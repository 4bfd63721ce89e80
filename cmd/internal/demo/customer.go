package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"ringway/codecs"
	"ringway/codecs/opus"
	"ringway/console"
	"ringway/sip/phone"
	"ringway/store"
)

// A customer is one of the travellers who call the sample company from its app.
type customer struct {
	subject string
	claims  store.Claims
}

// customers call in turns. The first one's language and region leave no doubt who should answer.
var customers = []customer{
	{"c-1001", store.Claims{Customer: "c-1001", Name: "Lin Yi-Chen", Language: "zh-TW", Region: "TW", Zone: "Asia/Taipei", Booking: "B-42"}},
	{"c-1002", store.Claims{Customer: "c-1002", Name: "Sato Yuki", Language: "ja", Region: "JP", Zone: "Asia/Tokyo"}},
	{"c-1003", store.Claims{Customer: "c-1003", Name: "Grace Hill", Language: "en", Region: "GB", Zone: "Europe/London"}},
	{"c-1004", store.Claims{Customer: "c-1004", Name: "Marie Petit", Language: "fr", Region: "FR", Zone: "Europe/Paris"}},
	{"c-1005", store.Claims{Customer: "c-1005", Name: "Wong Ka-Yan", Language: "zh-HK", Region: "HK", Zone: "Asia/Hong_Kong"}},
}

// speaks says who the customer is, in brackets.
func (c customer) speaks() string { return c.claims.Language + " from " + c.claims.Region }

// dialling is one call of a customer, from its app session to the answer of the switch. Events arrive on the channel; its
// owner reads them and closes it.
type dialling struct {
	phone  *phone.Phone
	call   *phone.Call
	line   *line
	events chan phone.Event
}

// minter makes app credentials: the node.
type minter interface {
	Mint(ctx context.Context, r console.MintRequest) (console.Credential, error)
}

// dial mints a session for the customer, calls the help line with Opus, and waits until the switch has answered.
// o says where the switch is and, as Domain, which app it is.
func (c customer) dial(ctx context.Context, m minter, o phone.Options, exten string) (*dialling, error) {
	cred, err := m.Mint(ctx, console.MintRequest{Domain: o.Domain, Subject: c.subject, Claims: c.claims, Lifetime: 10 * time.Minute})
	if err != nil {
		return nil, fmt.Errorf("mint a session: %w", err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &dialling{events: make(chan phone.Event, 32)}
	set := codecs.NewSet(opus.Codec())
	o.User, o.Domain, o.Name, o.AuthUser, o.Password, o.Codecs = c.subject, cred.Realm, c.claims.Name, cred.User, cred.Password, set
	if d.phone, err = phone.Open(ctx, o); err != nil {
		return nil, err
	}
	if d.line, err = openLine(set, customerBeat, agentBeat, o.Log); err == nil {
		d.call, err = d.phone.Call(phone.CallOptions{To: exten, Media: d.line.media(), Notify: d.post})
	}
	if err == nil {
		err = d.awaitAnswer(ctx)
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// post runs on the phone's goroutine; a call has few events.
func (d *dialling) post(e phone.Event) {
	select {
	case d.events <- e:
	default:
	}
}

// awaitAnswer reads events until the switch answered.
func (d *dialling) awaitAnswer(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return errors.New("the switch did not answer in time")
		case e := <-d.events:
			if err := d.event(e); err != nil {
				return err
			}
			if e.Kind == phone.Answered {
				return nil
			}
		}
	}
}

// event follows what was agreed. The error is that the call is over.
func (d *dialling) event(e phone.Event) error {
	if e.Kind == phone.Ended {
		if e.Status != 0 {
			return fmt.Errorf("the call ended: %d, %s", e.Status, e.Reason)
		}
		return fmt.Errorf("the call ended: %s", e.Reason)
	}
	return d.line.follow(e.Agreed)
}

// listen lets the call go on for a while; the error is that it ended before.
func (d *dialling) listen(ctx context.Context, length time.Duration) error {
	t := time.NewTimer(length)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case e := <-d.events:
			if err := d.event(e); err != nil {
				return err
			}
		}
	}
}

// close hangs up, if there is a call, and gives everything back.
func (d *dialling) close() heardSent {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	d.phone.Close(ctx)
	if d.line == nil {
		return heardSent{}
	}
	return d.line.close()
}

// robotAgent is what the robots' phones call themselves.
const robotAgent = "Ringway-Robot"

// phoneTo are the options that all robots' phones share.
func phoneTo(server netip.AddrPort, domain string) phone.Options {
	return phone.Options{Server: server, Domain: domain, Agent: robotAgent}
}

// regulars is what the sample company has in its customer store of those who call.
var regulars = []struct {
	number, note string
	fields       map[string]string
}{
	{"+886955010101", "Prefers to be called back in the evening.", map[string]string{"tier": "gold", "trip": "Kyoto, 4 nights"}},
	{"+819012345678", "Asked for a vegetarian meal on all flights.", map[string]string{"tier": "silver"}},
	{"+442079460018", "", map[string]string{"tier": "gold", "trip": "Taipei, 9 nights"}},
	{"+33199001234", "Speaks some English.", nil},
	{"+85291234567", "", map[string]string{"trip": "Osaka, 3 nights"}},
}

// keepCustomers fills the customer store with those who call, so that an agent's card shows more than a name.
func (c *company) keepCustomers(ctx context.Context) error {
	for i, who := range customers {
		k, r := who.claims, regulars[i%len(regulars)]
		row := store.CustomerRow{ID: k.Customer, Name: k.Name, Number: r.number, Language: k.Language, Region: k.Region, Zone: k.Zone,
			Booking: k.Booking, Fields: r.fields}
		var notes []store.CustomerNote
		if r.note != "" {
			notes = append(notes, store.CustomerNote{ID: "demo-" + k.Customer, Customer: k.Customer, At: time.Now(), By: "demo", Text: r.note})
		}
		if err := c.node.KeepCustomer(ctx, row, notes...); err != nil {
			return err
		}
	}
	return nil
}
