package node

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"sort"

	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
	"ringway/store"
)

// codeRestart is the finding for an edit that only a restart can apply.
const codeRestart = "CF008"

// Reload reads the configuration folder again. Without errors it is applied at once and as a whole: calls that are up keep
// the plan they started with, waiting callers meet the new queues at the next decision. With errors nothing changes.
func (n *Node) Reload(ctx context.Context) console.Reload {
	n.apply.Lock()
	defer n.apply.Unlock()
	old := n.config()
	next, found, source := config.Load(old.Dir)
	if next != nil {
		refuseRestart(old, next, found)
	}
	var text bytes.Buffer
	if err := diag.Render(&text, found, source); err != nil {
		text.WriteString(err.Error())
	}
	r := console.Reload{Version: old.Version, Report: text.String()}
	if next == nil || found.HasErrors() {
		n.log.Warn("the new configuration is refused", "findings", found.Len(), "err", found.Err())
		return r
	}
	if err := n.install(next); err != nil {
		r.Report += err.Error() + "\n"
		return r
	}
	if next.Version != old.Version {
		n.keepPlan(ctx, next, store.PlanVersion{Origin: store.PlanDisk})
	}
	r.Applied, r.Version, r.Changes = true, next.Version, changes(old, next)
	return r
}

// startOnly are the keys that are read at the start only; config.Settings and the starter mark them with "(restart)".
var startOnly = []struct {
	key string
	of  func(*config.Settings) any
}{
	{"node", func(s *config.Settings) any { return s.Node }},
	{"listeners", func(s *config.Settings) any { return s.Listeners }},
	{"realm", func(s *config.Settings) any { return s.Realm }},
	{"advertise", func(s *config.Settings) any { return s.Advertise }},
	{"rtp", func(s *config.Settings) any { return s.RTP }},
	{"codecs", func(s *config.Settings) any { return s.Codecs }},
	{"limits.transactions", func(s *config.Settings) any { return s.Limits.Transactions }},
	{"limits.contacts", func(s *config.Settings) any { return s.Limits.Contacts }},
	{"limits.min_expires", func(s *config.Settings) any { return s.Limits.MinExpires }},
	{"limits.max_expires", func(s *config.Settings) any { return s.Limits.MaxExpires }},
	{"database", func(s *config.Settings) any { return s.Database }},
	{"auth", func(s *config.Settings) any { return s.Auth }},
	{"console", func(s *config.Settings) any { return s.Console }},
	{"log", func(s *config.Settings) any { return s.Log }},
}

// refuseRestart reports changes to what is read at the start only, where they stand.
func refuseRestart(old, next *config.Config, l *diag.List) {
	for _, k := range startOnly {
		if !reflect.DeepEqual(k.of(&old.Settings), k.of(&next.Settings)) {
			l.Errorf(next.Pos(k.key), codeRestart, "undo it, or stop and start the switch", "a change of '%s' needs a restart", k.key)
		}
	}
}

// changes says in words what differs between two configurations.
func changes(old, next *config.Config) []string {
	var out []string
	if old.Version == next.Version {
		return []string{"nothing changed"}
	}
	if old.Plan.Version != next.Plan.Version {
		out = append(out, fmt.Sprintf("dialplan %s → %s: new calls use it", old.Plan.Version, next.Plan.Version))
	}
	if a, b := old.Settings.Limits.Calls, next.Settings.Limits.Calls; a != b {
		out = append(out, fmt.Sprintf("limits.calls %d → %d", a, b))
	}
	if a, b := old.Settings.Limits.CallDuration, next.Settings.Limits.CallDuration; a != b {
		out = append(out, fmt.Sprintf("limits.call_duration %s → %s: for calls that are answered from now on", a, b))
	}
	out = append(out, differ("account", old.Settings.Accounts, next.Settings.Accounts)...)
	out = append(out, differ("app domain", old.Settings.AppDomains, next.Settings.AppDomains)...)
	out = append(out, differ("trunk", old.Settings.Trunks, next.Settings.Trunks)...)
	out = append(out, differ("webhook", byName(old.Settings.Webhooks), byName(next.Settings.Webhooks))...)
	if !reflect.DeepEqual(old.Settings.CRM, next.Settings.CRM) {
		out = append(out, "crm changed: for calls that enter a queue from now on")
	}
	out = append(out, differ("person", people(old), people(next))...)
	out = append(out, differ("queue", queueWords(old), queueWords(next))...)
	return out
}

// differ names what was added, removed and changed in a map.
func differ[T any](noun string, old, next map[string]T) []string {
	var out []string
	for name, a := range next {
		if b, ok := old[name]; !ok {
			out = append(out, fmt.Sprintf("%s %s added", noun, name))
		} else if !reflect.DeepEqual(a, b) {
			out = append(out, fmt.Sprintf("%s %s changed", noun, name))
		}
	}
	for name := range old {
		if _, ok := next[name]; !ok {
			out = append(out, fmt.Sprintf("%s %s removed", noun, name))
		}
	}
	sort.Strings(out)
	return out
}

func byName(list []config.Webhook) map[string]config.Webhook {
	out := map[string]config.Webhook{}
	for _, w := range list {
		out[w.Name] = w
	}
	return out
}
