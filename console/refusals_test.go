package console

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/store"
)

// record is who did what, newest first, as an administrator reads it.
func (o *office) record() []AuditView {
	o.t.Helper()
	var p Page[AuditView]
	if err := json.Unmarshal([]byte(o.as("ada").want("GET", "/api/v1/audit?limit=1000", nil, 200)), &p); err != nil {
		o.t.Fatal(err)
	}
	return p.Items
}

// What is refused for a missing token or another site's page, what comes too often and what fails is on record.
func TestRefusalsAreOnRecord(t *testing.T) {
	o := opened(t) // without a configuration behind it: whoever applies one meets a fault
	mei := o.as("mei")
	mei.csrf = "x"
	mei.want("POST", "/api/v1/logout", nil, 403)
	mei.want("POST", "/api/v1/desk/ready", nil, 403)
	o.anonymous().with("Sec-Fetch-Site", "cross-site").with("Origin", "https://evil.example").want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": secret}, 403)
	for range 7 {
		o.anonymous().send("POST", "/api/v1/login", map[string]any{"login": "mei", "password": "a guess"})
	}
	o.as("ada").want("POST", "/api/v1/config/apply", map[string]any{"files": map[string]any{}, "base_version": "x"}, 500)
	seen := map[string]AuditView{}
	for _, e := range slices.Backward(o.record()) { // the newest of each stays
		seen[fmt.Sprintf("%s %s %d", e.Who, e.Action, e.Status)] = e
	}
	for what, detail := range map[string]string{"mei logout 403": "token", "mei desk-ready 403": "token", " cross-site 403": "POST from https://evil.example", "mei login 401": "more since",
		"mei login 429": "", "ada config-apply 500": ""} {
		e, there := seen[what]
		if !there || !strings.Contains(e.Detail, detail) || e.Source != "127.0.0.1" {
			t.Errorf("%q: %t %+v in %v", what, there, e, seen)
		}
	}
}

// Whoever is refused without end fills no record: the first has an entry, the rest of a minute has one that counts them, and those
// who are known are told apart whatever strangers do.
func TestRefusalsFillNoRecord(t *testing.T) {
	var f refusals
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	refused := func(who, source, action string, known bool) (told []string) {
		for _, e := range f.take(store.AuditEntry{At: now, Who: who, Source: source, Action: action, Status: 403}, known) {
			told = append(told, e.Who+" "+e.Action+" "+e.Detail)
		}
		return told
	}
	entries := 0
	for i := range 10_000 { // from everywhere, and none of them twice
		entries += len(refused("", fmt.Sprintf("10.%d.%d.1", i>>8, i&255), "cross-site", false))
	}
	if entries != refusedOthers+1 {
		t.Errorf("%d entries of strangers", entries)
	}
	if got := refused("mei", "10.0.0.1", "logout", true); len(got) != 1 || got[0] != "mei logout " {
		t.Errorf("somebody who is known: %q", got)
	}
	for range 41 {
		if got := refused("mei", "10.0.0.1", "logout", true); len(got) != 0 {
			t.Errorf("again: %q", got)
		}
	}
	for i := range 1000 {
		entries += len(refused("mei", "10.0.0.1", fmt.Sprintf("act%d", i), true))
	}
	now = now.Add(refusedSpan)
	got := strings.Join(refused("mei", "10.0.0.1", "logout", true), "\n")
	if !strings.Contains(got, "mei logout 41 more since 09:00:00") || !strings.Contains(got, fmt.Sprintf(" refused %d more since 09:00:00; of many kinds", 10_000-refusedOthers-1+1000-refusedKnown+1)) {
		t.Errorf("after the minute:\n%s", got)
	}
	if !strings.HasSuffix(got, "mei logout ") {
		t.Errorf("a new minute begins with no entry:\n%s", got)
	}
	if len(f.counted()) != 0 {
		t.Error("what was told is told again")
	}
	if len(f.kinds) > refusedKnown+refusedOthers+2 {
		t.Errorf("%d kinds are held", len(f.kinds))
	}
}

// What was only counted is on record when the console ends.
func TestRefusalsAreKeptAtTheEnd(t *testing.T) {
	o := opened(t)
	for range 3 {
		o.anonymous().with("Sec-Fetch-Site", "cross-site").want("POST", "/api/v1/logout", nil, 403)
	}
	if err := o.api.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := o.db.Audit(t.Context(), store.AuditQuery{Action: "cross-site"})
	if err != nil || len(kept) != 2 || !strings.HasPrefix(kept[0].Detail, "2 more since") {
		t.Errorf("%+v %v", kept, err)
	}
}
