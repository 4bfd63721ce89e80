package config

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ringway/config/diag"
)

// Codes of findings about ringway.yaml.
const (
	codeAddress   = "CF001" // not an address, network or port range
	codeReference = "CF002" // a name that nothing has
	codeSecret    = "CF003" // a secret that can't be read
	codeZone      = "CF004" // not a time zone
	codeFile      = "CF005" // a file that is missing or can't be read
	codeConflict  = "CF006" // two settings that contradict
	codeUnused    = "CF007" // a setting without effect
)

// reader fills Settings from nodes, and remembers where the values stand that are checked against other files later.
type reader struct {
	at map[string]diag.Pos // dotted path → position: "accounts.mei.context"
	l  *diag.List
}

func (r *reader) settings(root diag.Node) Settings {
	s := Defaults()
	m := root.Mapping()
	defer m.Done()
	r.at[""] = diag.Pos{File: settingsFile, Line: 1, Col: 1}
	r.mark(m, "", "listeners", "limits", "codecs", "node", "realm", "advertise", "rtp", "database", "auth", "console", "log")
	s.Node = r.text(m, "node", s.Node)
	s.Zone = r.zone(m.Field("zone"), s.Zone)
	s.Realm = r.text(m, "realm", s.Realm)
	s.Domains = m.Field("domains").Strings()
	if m.Has("listeners") {
		s.Listeners = nil
		for _, n := range m.Field("listeners").Sequence() {
			s.Listeners = append(s.Listeners, r.listener(n))
		}
	}
	s.Advertise = r.advertise(m.Field("advertise").Mapping())
	s.RTP = r.rtp(m.Field("rtp").Mapping(), s.RTP)
	if m.Has("codecs") {
		s.Codecs = m.Field("codecs").Strings()
	}
	s.Limits = r.limits(m.Field("limits").Mapping(), s.Limits)
	s.Database = r.database(m.Field("database").Mapping(), s.Database)
	if a := m.Field("auth").Mapping(); a.Len() > 0 {
		s.Auth.Algorithms = algorithms(a.Field("algorithms"), s.Auth.Algorithms)
		a.Done()
	}
	s.AppDomains = each(m.Field("app_domains"), "app_domains", r.appDomain)
	s.Accounts = each(m.Field("accounts"), "accounts", r.account)
	s.Trunks = each(m.Field("trunks"), "trunks", r.trunk)
	s.Console = r.console(m.Field("console").Mapping(), s.Console)
	s.Audit = r.audit(m.Field("audit").Mapping(), s.Audit)
	s.Reports = r.reports(m.Field("reports").Mapping(), s.Reports)
	s.SMTP = r.smtp(m.Field("smtp").Mapping())
	s.Webhooks = r.webhooks(m.Field("webhooks"))
	s.CRM = r.crm(m.Field("crm").Mapping(), s.CRM)
	p := m.Field("prompts").Mapping()
	s.Prompts = Prompts{Folder: p.Field("folder").String(s.Prompts.Folder), Language: p.Field("language").String(s.Prompts.Language)}
	p.Done()
	rec := m.Field("recording").Mapping()
	s.Recording = Recording{Retention: rec.Field("retention").Duration(s.Recording.Retention), AgentsMayListen: rec.Field("agents_may_listen").Bool(false)}
	rec.Done()
	lg := m.Field("log").Mapping()
	s.Log = Log{Level: lg.Field("level").OneOf(s.Log.Level, "debug", "info", "warn", "error"), JSON: lg.Field("json").Bool(false)}
	lg.Done()
	return s
}

// mark remembers where keys stand.
func (r *reader) mark(m *diag.Mapping, under string, keys ...string) {
	for _, key := range keys {
		if e, ok := m.Entry(key); ok {
			r.at[under+key] = e.Pos()
		}
	}
}

// each reads a mapping of names to things.
func each[T any](n diag.Node, path string, read func(m *diag.Mapping, path string) T) map[string]T {
	out := map[string]T{}
	for _, e := range n.Mapping().Entries() {
		m := e.Value.Mapping()
		out[e.Name()] = read(m, path+"."+e.Name())
		m.Done()
	}
	return out
}

func (r *reader) text(m *diag.Mapping, key, def string) string {
	n := m.Field(key)
	v := strings.TrimSpace(n.String(def))
	if v == "" {
		n.Errorf(diag.CodeValue, "", "'%s' must not be empty", key)
		return def
	}
	return v
}

func (r *reader) zone(n diag.Node, def string) string {
	v := n.String(def)
	if _, err := time.LoadLocation(v); err != nil || v == "" || v == "Local" {
		n.Errorf(codeZone, `write a name of the IANA database, as in "Asia/Taipei"`, "%q is not a time zone", v)
		return def
	}
	return v
}

func (r *reader) listener(n diag.Node) Listener {
	m := n.Mapping()
	defer m.Done()
	out := Listener{Protocol: m.Field("protocol").OneOf("udp", "udp", "tcp")}
	a := m.Require("address")
	if v := a.String(""); v != "" {
		ap, err := netip.ParseAddrPort(v)
		if err != nil {
			a.Errorf(codeAddress, `write an IP address and a port, as in "0.0.0.0:5060" or "[::]:5060"`, "%q is not an address to listen on", v)
		}
		out.Address = ap
	}
	out.Algorithms = algorithms(m.Field("algorithms"), nil)
	return out
}

func algorithms(n diag.Node, def []string) []string {
	items := n.Items()
	if len(items) == 0 {
		return def
	}
	var out []string
	for _, i := range items {
		out = append(out, i.OneOf("", "MD5", "SHA-256"))
	}
	return out
}

func (r *reader) address(n diag.Node) netip.Addr {
	v := n.String("")
	if v == "" {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(v)
	if err != nil {
		n.Errorf(codeAddress, "write an IP address without a port", "%q is not an IP address", v)
	}
	return a
}

func (r *reader) networks(n diag.Node) []netip.Prefix {
	var out []netip.Prefix
	for _, i := range n.Items() {
		v := i.String("")
		p, err := netip.ParsePrefix(v)
		if a, errAddr := netip.ParseAddr(v); errAddr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			i.Errorf(codeAddress, `write an address or a network, as in "192.0.2.0/24"`, "%q is not a network", v)
			continue
		}
		out = append(out, p.Masked())
	}
	return out
}

func (r *reader) advertise(m *diag.Mapping) Advertise {
	defer m.Done()
	return Advertise{Address: r.address(m.Field("address")), LocalNets: r.networks(m.Field("local_nets"))}
}

func (r *reader) rtp(m *diag.Mapping, def RTP) RTP {
	defer m.Done()
	out := def
	ports := m.Field("ports")
	out.Ports = ports.String(def.Ports)
	if _, _, err := out.PortRange(); err != nil {
		ports.Errorf(codeAddress, `write the first and the last port, as in "16384-32767"`, "%q is no range of at least eight ports between 1024 and 65535", out.Ports)
	}
	out.Address = r.address(m.Field("address"))
	out.Loops = m.Field("loops").IntBetween(0, 0, 64)
	out.Timeout = m.Field("timeout").Duration(def.Timeout)
	h := m.Field("hang_up")
	if out.HangUp = h.Duration(def.HangUp); out.HangUp > 0 && out.HangUp < out.Timeout {
		h.Errorf(codeConflict, "make it longer, or 0s for never", "rtp.hang_up is shorter than rtp.timeout: nobody would be asked before")
	}
	return out
}

// PortRange is the first and the last port that media may use: even to odd, at least four pairs.
func (r RTP) PortRange() (first, last int, err error) {
	a, b, _ := strings.Cut(r.Ports, "-")
	first, errA := strconv.Atoi(strings.TrimSpace(a))
	last, errB := strconv.Atoi(strings.TrimSpace(b))
	if errA != nil || errB != nil || first < 1024 || last > 65535 {
		return 0, 0, errPorts(r.Ports)
	}
	first += first % 2
	last -= 1 - last%2
	if last-first < 7 {
		return 0, 0, errPorts(r.Ports)
	}
	return first, last, nil
}

type errPorts string

func (e errPorts) Error() string {
	return strconv.Quote(string(e)) + " is no range of at least eight ports between 1024 and 65535"
}

func (r *reader) limits(m *diag.Mapping, def Limits) Limits {
	defer m.Done()
	r.mark(m, "limits.", "transactions", "contacts", "min_expires", "max_expires")
	return Limits{
		Calls:        m.Field("calls").IntBetween(def.Calls, 1, 1_000_000),
		CallDuration: m.Field("call_duration").Duration(def.CallDuration),
		Transactions: m.Field("transactions").IntBetween(def.Transactions, 100, 10_000_000),
		Contacts:     m.Field("contacts").IntBetween(def.Contacts, 1, 100),
		MinExpires:   m.Field("min_expires").Duration(def.MinExpires),
		MaxExpires:   m.Field("max_expires").Duration(def.MaxExpires),
	}
}

func (r *reader) database(m *diag.Mapping, def Database) Database {
	defer m.Done()
	return Database{Driver: m.Field("driver").OneOf(def.Driver, "sqlite", "memory"), Path: m.Field("path").String(def.Path)}
}
