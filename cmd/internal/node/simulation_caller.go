package node

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"ringway/config"
	"ringway/console"
	"ringway/dialplan/sim"
	"ringway/store"
)

// virtualCaller is who calls, what she does, and how phones answer. What the request names and there is not is told by its field.
func virtualCaller(c *config.Config, r console.SimulateRequest) (sim.Caller, console.WrongFields) {
	v := sim.Caller{Number: r.Number, Dialled: r.Exten, Digits: r.Digits, HangUp: seconds(r.HangUp), Kind: store.Customer}
	if v.HangUp == 0 {
		v.HangUp = simulatedPatient
	}
	wrong := comesFrom(c, r, &v)
	if y := r.At.Year(); y < 1970 || y > 2200 { // beyond, instants have no place in JSON, nor in the days of a calendar
		wrong = append(wrong, console.WrongField{Location: "body.at", Message: fmt.Sprintf("%s is too far away", r.At.Format(time.RFC3339))})
	}
	for i, k := range r.Press {
		if seconds(k.After) > v.HangUp {
			wrong = append(wrong, console.WrongField{Location: fmt.Sprintf("body.press[%d].after_seconds", i),
				Message: fmt.Sprintf("the caller has hung up by then: press it within %s", v.HangUp)})
		}
		v.Press = append(v.Press, sim.Press{After: seconds(k.After), Keys: k.Keys})
	}
	var unknown console.WrongFields
	v.Phones, unknown = virtualPhones(c, r.Phones)
	if r.Others != nil {
		v.Others = virtualPhone(*r.Others)
	}
	return v, append(wrong, unknown...)
}

// comesFrom is by which door the call comes in.
func comesFrom(c *config.Config, r console.SimulateRequest, v *sim.Caller) (wrong console.WrongFields) {
	no := func(field, format string, args ...any) {
		wrong = append(wrong, console.WrongField{Location: "body." + field, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case r.Account != "":
		a, ok := c.Settings.Accounts[r.Account]
		if !ok {
			no("account", "there is no account %q: name one of ringway.yaml", r.Account)
			break
		}
		v.Account, v.Context, v.Name = r.Account, a.Context, a.Name
		if v.Kind = a.Kind; v.Kind == "" {
			v.Kind = store.Internal
		}
		if v.Number == "" {
			v.Number = a.Number
		}
	case r.Trunk != "":
		t, ok := c.Settings.Trunks[r.Trunk]
		if !ok {
			no("trunk", "there is no trunk %q: name one of ringway.yaml", r.Trunk)
			break
		}
		v.Trunk, v.Context = r.Trunk, t.Context
	case r.App != nil:
		domain, err := appDomain(c, r.App.Domain)
		if err != nil {
			no("app.domain", "%v", err)
			break
		}
		if _, err := time.LoadLocation(r.App.Zone); err != nil {
			no("app.zone", "unknown time zone %q: use an IANA name such as Asia/Taipei", r.App.Zone)
		}
		v.Context, v.Name = c.Settings.AppDomains[domain].Context, r.App.Name
		v.Claims = store.Claims{Customer: r.App.Customer, Name: r.App.Name, Language: r.App.Language, Region: r.App.Region, Zone: r.App.Zone,
			Booking: r.App.Booking, Priority: seconds(r.App.Priority)}
	}
	return wrong
}

// dialable is what can be a number that the dialplan dials.
var dialable = regexp.MustCompile(`^[+0-9*#]{1,32}$`)

// virtualPhones are the phones by all names under which they may be rung: what is said of a person holds for her accounts too,
// unless something else is said of one of them.
func virtualPhones(c *config.Config, asked map[string]console.Answer) (map[string]sim.Phone, console.WrongFields) {
	out := map[string]sim.Phone{}
	var wrong console.WrongFields
	names := sortedNames(asked)
	for _, name := range names {
		person := c.Spec.Person(name)
		if _, account := c.Settings.Accounts[name]; person == nil && !account && !dialable.MatchString(name) {
			wrong = append(wrong, console.WrongField{Location: "body.phones." + name, Message: "it is neither a person nor an account nor a number"})
			continue
		}
		out[name] = virtualPhone(asked[name])
		if person == nil {
			continue
		}
		for _, ph := range person.Phones {
			if !slices.Contains(names, ph.Account) {
				out[ph.Account] = out[name]
			}
		}
	}
	return out, wrong
}

func virtualPhone(a console.Answer) sim.Phone {
	return sim.Phone{Outcome: store.OfferOutcome(a.Outcome), Answer: seconds(a.Answer), Talk: seconds(a.Talk)}
}

// wrongPeople are the people whom the request names and who do not exist, or who are both here and away.
func wrongPeople(c *config.Config, r console.SimulateRequest) (wrong console.WrongFields) {
	for _, l := range []struct {
		field string
		ids   []string
	}{{"joined", r.Joined}, {"away", r.Away}} {
		for i, id := range l.ids {
			at := fmt.Sprintf("body.%s[%d]", l.field, i)
			switch {
			case c.Spec.Person(id) == nil:
				wrong = append(wrong, console.WrongField{Location: at, Message: fmt.Sprintf("there is no person %q: name one of people.yaml", id)})
			case l.field == "away" && slices.Contains(r.Joined, id):
				wrong = append(wrong, console.WrongField{Location: at, Message: fmt.Sprintf("%q is taken as joined: name her in one of the two", id)})
			}
		}
	}
	return wrong
}
