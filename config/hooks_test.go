package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// uncomment takes the comment signs off a sample of the starter, from its first line to the next empty one.
func uncomment(text, first string) string {
	before, rest, _ := strings.Cut(text, first)
	sample, after, _ := strings.Cut(first+rest, "\n\n")
	lines := strings.Split(sample, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "# ")
	}
	return before + strings.Join(lines, "\n") + "\n\n" + after
}

// What the starter shows as comments is a configuration too.
func TestStarterSamplesOfOtherSystems(t *testing.T) {
	t.Setenv("HELPDESK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	t.Setenv("CRM_AUTHORIZATION", "Bearer secret")
	dir := starter(t)
	file := filepath.Join(dir, settingsFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := uncomment(uncomment(string(text), "# webhooks:\n"), "# crm:\n")
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	c, l, source := Load(dir)
	if c == nil || l.Len() > 0 {
		t.Fatalf("the samples have findings:\n%s", render(l, source))
	}
	w, crm := c.Settings.Webhooks, c.Settings.CRM
	if len(w) != 1 || w[0].Name != "helpdesk" || len(w[0].Events) != 2 || w[0].Timeout != 10*time.Second ||
		c.Secret(w[0].Secrets[0]) != "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" {
		t.Errorf("webhooks are read as %+v", w)
	}
	if crm.Timeout != 800*time.Millisecond || crm.Cache != 5*time.Minute || c.Secret(crm.Headers["Authorization"]) != "Bearer secret" {
		t.Errorf("crm is read as %+v", crm)
	}
}
