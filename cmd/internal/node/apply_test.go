package node

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ringway/config"
	"ringway/config/diag"
)

// edits change one key each of the starter configuration, which only a restart can apply.
var edits = map[string][2]string{
	"node":                {"node: ringway-1", "node: ringway-2"},
	"listeners":           {`{protocol: tcp, address: "0.0.0.0:5060"}`, `{protocol: tcp, address: "0.0.0.0:5062"}`},
	"realm":               {"realm: wayfare.example", "realm: wayfarer.example"},
	"advertise":           {"prompts:", "advertise: {address: 203.0.113.10}\nprompts:"},
	"rtp":                 {"timeout: 30s", "timeout: 31s"},
	"codecs":              {"codecs: [opus, G722", "codecs: [G722, opus"},
	"limits.transactions": {"calls: 500", "calls: 500\n  transactions: 400"},
	"limits.contacts":     {"calls: 500", "calls: 500\n  contacts: 3"},
	"limits.min_expires":  {"calls: 500", "calls: 500\n  min_expires: 90s"},
	"limits.max_expires":  {"calls: 500", "calls: 500\n  max_expires: 2h"},
	"database":            {"path: ringway.db", "path: other.db"},
	"auth":                {"algorithms: [MD5]", "algorithms: [SHA-256]"},
	"console":             {"session_hours: 12", "session_hours: 8"},
	"log":                 {"prompts:", "log: {level: debug}\nprompts:"},
}

// written is a starter configuration, edited, with where the key stands afterwards.
func written(t *testing.T, edit [2]string) (dir, text string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "company")
	if err := config.Init(dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "ringway.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text = strings.Replace(string(b), edit[0], edit[1], 1)
	if edit[0] != "" && text == string(b) {
		t.Fatalf("the starter does not say %q", edit[0])
	}
	if err := os.WriteFile(filepath.Join(dir, "ringway.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, text
}

// What only a restart can apply is refused at the line of its key.
func TestRefusedKeysAreShownInTheirPlace(t *testing.T) {
	dir, _ := written(t, [2]string{})
	old, _, _ := config.Load(dir)
	for key, edit := range edits {
		dir, text := written(t, edit)
		next, found, source := config.Load(dir)
		if next == nil {
			t.Fatalf("%s: %v", key, found.Err())
		}
		refuseRestart(old, next, found)
		var out bytes.Buffer
		if err := diag.Render(&out, found, source); err != nil {
			t.Fatal(err)
		}
		list := found.All()
		if len(list) != 1 || list[0].Code != codeRestart || !strings.Contains(list[0].Message, "'"+key+"'") {
			t.Errorf("%s: the findings are\n%s", key, &out)
			continue
		}
		word := key[strings.LastIndex(key, ".")+1:]
		line := strings.Split(text, "\n")[list[0].Pos.Line-1]
		if !strings.HasPrefix(strings.TrimSpace(line), word+":") {
			t.Errorf("%s is shown at %s: %s", key, list[0].Pos, line)
		}
	}
}

// The comments of config.Settings, and the starter where the key stands, say of exactly these keys that a restart is needed.
func TestRestartIsSaidWhereTheKeyIsWritten(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "..", "config", "settings.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, starter := written(t, [2]string{})
	for _, of := range []struct{ structure, prefix string }{{"Settings", ""}, {"Limits", "limits."}} {
		body := regexp.MustCompile(`(?s)type ` + of.structure + ` struct \{(.*?)\n\}`).FindSubmatch(source)
		for _, m := range regexp.MustCompile("`yaml:\"([a-z_]+)\"`(.*)").FindAllSubmatch(body[1], -1) {
			key, marked := of.prefix+string(m[1]), strings.HasSuffix(string(m[2]), "(restart)")
			_, refused := edits[key]
			if marked != refused {
				t.Errorf("settings.go marks %s with (restart): %t, a reload refuses it: %t", key, marked, refused)
			}
			if i := strings.Index("\n"+starter, "\n"+string(m[1])+":"); of.prefix == "" && i >= 0 && refused {
				before, after, _ := strings.Cut(starter[i:], "\n")
				above := starter[:i][strings.LastIndex(strings.TrimSuffix(starter[:i], "\n"), "\n")+1:]
				if !strings.Contains(above+before, "(restart)") {
					t.Errorf("the starter does not say (restart) where %s stands:\n%s%s\n%.40s", key, above, before, after)
				}
			}
		}
	}
}

// More calls at once, and shorter ones, need no restart.
func TestLimitsOfCallsAreLive(t *testing.T) {
	a := openAnnex(t, annexOptions{})
	text, err := os.ReadFile(filepath.Join(a.dir, "ringway.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	a.write("ringway.yaml", strings.Replace(string(text), "limits: {", "limits: {calls: 1, call_duration: 1s", 1))
	if r := a.Reload(context.Background()); !r.Applied || !strings.Contains(strings.Join(r.Changes, "\n"), "limits.calls 2000 → 1") {
		t.Fatalf("%+v", r)
	}
	out, _ := a.talk(a.phone("p01"), a.phone("p02"))
	a.phone("p03").Invite("800").Expect(503)
	out.ExpectBye()
}
