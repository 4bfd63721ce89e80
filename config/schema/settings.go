package schema

import (
	"net/netip"
	"reflect"
	"time"

	"ringway/codecs/builtin"
	"ringway/config"
	"ringway/store/report"
	languages "ringway/store/report/words"
)

// words are the values that a setting takes, where they are few, by "Type.key".
func words(n Names) map[string][]string {
	algorithms, levels := []string{"MD5", "SHA-256"}, report.ServiceLevels()
	return map[string][]string{
		"Listener.protocol": {"udp", "tcp"}, "Listener.algorithms": algorithms, "Auth.algorithms": algorithms,
		"Database.driver": {"sqlite", "memory"}, "Account.kind": {"internal", "customer"}, "Log.level": {"debug", "info", "warn", "error"},
		"SMTP.tls": {"starttls", "tls", "none"}, "Reports.service_levels": levels, "Reports.default": levels,
		"ReportMail.kind": report.Kinds(), "ReportMail.on": {"every day", "mon", "tue", "wed", "thu", "fri", "sat", "sun"},
		"ReportMail.span": {"day", "week", "month"}, "ReportMail.format": {"csv", "xlsx", "print"},
		"ReportMail.language": languages.Langs(),
	}
}

// required are keys that must be written, by type.
var required = map[string][]string{"Listener": {"address"}, "AppDomain": {"keys"}, "Account": {"password"}, "Permission": {"from", "pattern"},
	"ReportMail": {"to"}}

// describer follows the types of the settings.
type describer struct {
	words map[string][]string
	offer map[string][]string
	docs  map[string]string
}

func settings(n Names) *Schema {
	var codecs []string
	for _, c := range builtin.All().All() {
		codecs = append(codecs, c.Format().Name)
	}
	d := describer{words: words(n), docs: config.FieldDocs(), offer: map[string][]string{
		"AppDomain.context": n.Contexts, "Account.context": n.Contexts, "Trunk.context": n.Contexts, "Permission.from": n.Contexts,
		"Settings.codecs": codecs, "ReportMail.queue": n.Queues,
	}}
	return d.of(reflect.TypeFor[config.Settings](), "")
}

// of describes a type; key is where it stands, as "Type.key".
func (d describer) of(t reflect.Type, key string) *Schema {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return duration("")
	case reflect.TypeFor[netip.Addr](), reflect.TypeFor[netip.AddrPort](), reflect.TypeFor[netip.Prefix]():
		return text()
	case reflect.TypeFor[config.Secret]():
		return text().offer([]string{"env:NAME", "file:secrets/NAME"})
	}
	switch t.Kind() {
	case reflect.Bool:
		return boolean()
	case reflect.Int:
		return whole(0, 10_000_000)
	case reflect.Slice:
		return list(d.of(t.Elem(), key))
	case reflect.Map:
		return named(d.of(t.Elem(), key))
	case reflect.Struct:
		return d.object(t)
	}
	if w := d.words[key]; w != nil {
		return oneOf("", w...)
	}
	return text().offer(d.offer[key])
}

func (d describer) object(t reflect.Type) *Schema {
	fields := map[string]*Schema{}
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "" {
			at := t.Name() + "." + key
			fields[key] = d.of(f.Type, at).doc(d.docs[at])
		}
	}
	return object(fields, required[t.Name()]...)
}
