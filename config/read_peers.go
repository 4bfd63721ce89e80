package config

import (
	"net/netip"

	"ringway/config/diag"
	"ringway/store"
)

func (r *reader) secret(n diag.Node, path string) Secret {
	r.at[path] = n.Pos()
	return Secret(n.String(""))
}

func (r *reader) ref(m *diag.Mapping, key, path string) string {
	n := m.Field(key)
	r.at[path+"."+key] = n.Pos()
	return n.String("")
}

func (r *reader) appDomain(m *diag.Mapping, path string) AppDomain {
	r.at[path] = m.Pos()
	a := AppDomain{
		Context:         r.ref(m, "context", path),
		Keys:            map[string]Secret{},
		ContactsSession: m.Field("contacts_per_session").IntBetween(2, 1, 100),
		CallsSession:    m.Field("calls_per_session").IntBetween(1, 1, 100),
		MaxLifetime:     m.Field("max_lifetime").Duration(defaultLifetime),
	}
	for _, e := range m.Require("keys").Mapping().Entries() {
		a.Keys[e.Name()] = r.secret(e.Value, path+".keys."+e.Name())
	}
	return a
}

func (r *reader) account(m *diag.Mapping, path string) Account {
	r.at[path] = m.Pos()
	m.Require("password")
	return Account{
		Password: r.secret(m.Field("password"), path+".password"),
		Context:  r.ref(m, "context", path),
		Name:     m.Field("name").String(""),
		Number:   m.Field("number").String(""),
		Kind:     store.CallKind(m.Field("kind").OneOf(string(store.Internal), string(store.Internal), string(store.Customer))),
		Contact:  r.addrPort(m.Field("contact")),
	}
}

func (r *reader) trunk(m *diag.Mapping, path string) Trunk {
	r.at[path] = m.Pos()
	t := Trunk{
		Match:    r.networks(m.Field("match")),
		Context:  r.ref(m, "context", path),
		Targets:  m.Field("targets").Strings(),
		User:     m.Field("user").String(""),
		Realm:    m.Field("realm").String(""),
		Calls:    m.Field("calls").IntBetween(0, 0, 1_000_000),
		CallerID: m.Field("caller_id").String(""),
		Identity: m.Field("identity").Bool(false),
		Qualify:  m.Field("qualify").Duration(0),
	}
	r.at[path+".targets"] = m.Field("targets").Pos()
	if m.Has("password") {
		t.Password = r.secret(m.Field("password"), path+".password")
	}
	for _, n := range m.Field("dial").Items() {
		p := n.Mapping()
		t.Dial = append(t.Dial, Permission{From: p.Require("from").String(""), Pattern: p.Require("pattern").String(""),
			PerDay: p.Field("per_day").IntBetween(0, 0, 1_000_000)})
		r.at[path+".dial"] = p.Pos()
		p.Done()
	}
	return t
}

// addrPort reads the place of a phone: an address, and 5060 where no port is written.
func (r *reader) addrPort(n diag.Node) netip.AddrPort {
	v := n.String("")
	if v == "" {
		return netip.AddrPort{}
	}
	if a, err := netip.ParseAddr(v); err == nil {
		return netip.AddrPortFrom(a, 5060)
	}
	at, err := netip.ParseAddrPort(v)
	if err != nil || at.Port() == 0 {
		n.Errorf(codeAddress, `write an IP address, with a port where it is not 5060, as in "10.0.0.5:5062"`, "%q is no place of a phone", v)
	}
	return at
}
