package revise

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"ringway/config"
	"ringway/config/diag"
)

const secretive = `realm: x
accounts:
  mei: {password: "pa\"ss", context: a, name: 'Mei'}   # hers
  wei: {context: b, password: plain-word}
  ken: {password: 'it''s', context: masked:000000000000}
  sam: {password: "env:SAM", context: b}
  tom: {password: ha1:0123456789abcdef0123456789abcdef}
app_domains:
  app: {context: c, keys: {k1: &key topsecret, k2: *key, k3: "file:k3"}}
trunks:
  t: {password: !!str 123.45}
console:
  oidc: {client_secret: hush}
smtp: {password: mailpw}
`

func TestSecretsAreMaskedAndComeBack(t *testing.T) {
	m := NewMasks()
	shown, ok := m.Hide("ringway.yaml", secretive)
	if !ok {
		t.Fatal(shown)
	}
	for _, secret := range []string{"pa\\", "plain-word", "it''s", "0123456789abcdef", "topsecret", "123.45", "hush", "mailpw"} {
		if strings.Contains(shown, secret) {
			t.Errorf("%s shows: %s", secret, shown)
		}
	}
	for _, kept := range []string{"env:SAM", "file:k3", "# hers", "context: masked:000000000000", "*key"} {
		if !strings.Contains(shown, kept) {
			t.Errorf("%s is gone: %s", kept, shown)
		}
	}
	var l diag.List
	if back, _ := m.Reveal("ringway.yaml", shown, &l); back != secretive || l.Len() > 0 {
		t.Errorf("what comes back differs: %s %v", back, l.All())
	}
	if again, _ := m.Hide("ringway.yaml", secretive); again != shown {
		t.Error("a secret has two masks")
	}
	if other, _ := NewMasks().Hide("ringway.yaml", secretive); other == shown {
		t.Error("masks can be computed by others")
	}
}

func TestMasksOutOfPlace(t *testing.T) {
	m := NewMasks()
	shown, _ := m.Hide("ringway.yaml", "accounts: {mei: {password: open-sesame}}")
	mask := shown[strings.Index(shown, maskPrefix):][:len(maskPrefix)+12]
	var l diag.List
	stolen := "accounts: {mei: {name: " + mask + ", password: env:X}}\nnode: " + mask
	if back, _ := m.Reveal("ringway.yaml", stolen, &l); back != stolen {
		t.Errorf("a secret comes out where everybody sees it: %s", back)
	}
	text, _ := m.Reveal("ringway.yaml", "accounts: {mei: {password: masked:ffffffffffff}}", &l)
	if l.Len() != 1 || l.All()[0].Code != codeMask || l.All()[0].Pos.Col != 28 {
		t.Errorf("an unknown mask: %s %v", text, l.All())
	}
	pin, ok := m.Hide("people.yaml", "people:\n  - {id: sam, pin: 4711}\n")
	if !ok || strings.Contains(pin, "4711") {
		t.Error(pin)
	}
	for file, text := range map[string]string{"ringway.yaml": "accounts: {mei: {password: |\n    two\n    lines\n}}", "people.yaml": "a: [pin: 4711"} {
		if shown, ok := m.Hide(file, text); ok || strings.Contains(shown, "two") || strings.Contains(shown, "4711") {
			t.Errorf("%s shows %s", file, shown)
		}
	}
	if plan, ok := m.Hide("dialplan/a.yaml", "broken: ["); !ok || plan != "broken: [" {
		t.Error("a dialplan holds no secrets")
	}
}

// TestColumnsMoveBack: a finding behind a secret stands where the editor's text has it.
func TestColumnsMoveBack(t *testing.T) {
	m := NewMasks()
	real := "accounts: {mei: {password: s, name: q}, wei: {password: a-much-longer-secret-than-its-mask, name: q}}"
	shown, _ := m.Hide("ringway.yaml", real)
	var l diag.List
	_, shifts := m.Reveal("ringway.yaml", shown, &l)
	for _, word := range []string{"name: q}, wei", "wei", "name: q}}", "accounts", "password: "} {
		at, want := strings.Index(real, word)+1, strings.Index(shown, word)+1
		if got := Back(shifts, 1, at); got != want {
			t.Errorf("%s at %d is shown at %d, want %d", word, at, got, want)
		}
	}
}

func TestUnifiedDiff(t *testing.T) {
	old := "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n"
	next := "a\nb\nC\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm"
	got := Diff(map[string]string{"x": old, "gone": "1\n", "same": "s"}, map[string]string{"x": next, "new": "1\n", "same": "s"})
	var text []string
	for _, d := range got {
		text = append(text, string(d.Change)+"\n"+d.Text)
	}
	want := `removed
--- gone
+++ /dev/null
@@ -1,1 +0,0 @@
-1
|added
--- /dev/null
+++ new
@@ -0,0 +1,1 @@
+1
|changed
--- x
+++ x
@@ -1,6 +1,6 @@
 a
 b
-c
+C
 d
 e
 f
@@ -10,3 +10,4 @@
 j
 k
 l
+m
\ No newline at end of file
`
	if s := strings.Join(text, "|"); s != want {
		t.Errorf("%s", s)
	}
}

// TestDiffLeadsFromOneToTheOther: taking the lines of a comparison gives back both texts, whatever they are.
func TestDiffLeadsFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\n"}), 0, 30)
		a, b := lines.Draw(t, "a"), lines.Draw(t, "b")
		var left, right []string
		for _, l := range compare(a, b) {
			if l.a != len(left) || l.b != len(right) {
				t.Fatalf("places %d %d, want %d %d", l.a, l.b, len(left), len(right))
			}
			if l.sign != '+' {
				left = append(left, l.text)
			}
			if l.sign != '-' {
				right = append(right, l.text)
			}
		}
		if !slices.Equal(left, a) || !slices.Equal(right, b) {
			t.Fatalf("%q %q from %q %q", left, right, a, b)
		}
	})
}

func TestALargeRewriteIsShownAsOne(t *testing.T) {
	var a, b []string
	for i := range 3000 {
		a, b = append(a, fmt.Sprintf("a%d\n", i)), append(b, fmt.Sprintf("b%d\n", i))
	}
	if got := compare(a, b); len(got) != 6000 {
		t.Errorf("%d lines", len(got))
	}
}

// Of a file that can't be read nothing is known to be gone.
func TestWordsOfAFileThatIsNoYAML(t *testing.T) {
	old := map[string]string{"dialplan/a.yaml": "contexts:\n  in:\n    extensions:\n      help: [answer]\n", "queues.yaml": "queues:\n  help: {}\n"}
	next := map[string]string{"dialplan/a.yaml": "contexts:\n  in: [\n", "queues.yaml": "queues:\n  help: {ring_time: 20s}\n", "people.yaml": "people: ["}
	said := func(old, next map[string]string) string {
		var out []string
		for _, c := range Words(old, next) {
			out = append(out, c.Text)
		}
		return strings.Join(out, "\n")
	}
	want := "file dialplan/a.yaml changed: one of the two is no valid YAML\nfile people.yaml added\nqueue help: ring_time: 20s added"
	if got := said(old, next); got != want {
		t.Errorf("%s", got)
	}
	if got := said(next, next); got != "" {
		t.Errorf("the same differs: %s", got)
	}
}

func TestWords(t *testing.T) {
	old := map[string]string{
		"queues.yaml":     "queues:\n  help: {ring_time: 20s, rank: [skills, idle]}\n  old: {}\n",
		"people.yaml":     "people:\n  - {id: mei, languages: {en: 3}}\n  - {id: wei}\n",
		"dialplan/a.yaml": "contexts:\n  in:\n    extensions:\n      help: [answer, {playback: hello}, hangup]\n      bye: [hangup]\n",
		"ringway.yaml":    "accounts: {mei: {context: in}}\nlimits: {calls: 1}\n",
	}
	next := map[string]string{
		"queues.yaml":     "# a comment\nqueues:\n  new: {}\n  help: {rank: [skills, region, idle], ring_time: 25s}\n",
		"people.yaml":     "people:\n  - {id: wei}\n  - {id: mei, languages: {en: 4, ja: 1}}\n",
		"dialplan/a.yaml": "contexts:\n  in:\n    include: [other]\n    extensions:\n      help: [answer, {playback: welcome}, {queue: help}, hangup]\n  other:\n    extensions: {}\n",
		"ringway.yaml":    "limits: {calls: 2}\naccounts: {mei: {context: in}, sam: {}}\n",
	}
	var got []string
	for _, c := range Words(old, next) {
		got = append(got, string(c.Kind)+": "+c.Text)
	}
	want := []string{
		"added: account sam added",
		"changed: context in: include: [other] added",
		"added: context other added",
		"removed: extension in,bye removed",
		"changed: extension in,help: step 2: playback: hello → playback: welcome; step 3 added: queue: help",
		"changed: person mei: languages.en: 3 → 4; languages.ja: 1 added",
		"changed: queue help: rank 2 added: region; ring_time: 20s → 25s",
		"added: queue new added",
		"removed: queue old removed",
		"changed: setting limits: calls: 1 → 2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	for _, c := range Words(old, next) { // each for itself, to be told in another language
		if c.Name == "in,help" && !slices.Equal(c.Details, []Difference{{Changed, "steps", 2, "playback: hello", "playback: welcome"}, {Added, "steps", 3, "", "queue: help"}}) {
			t.Errorf("%+v", c.Details)
		}
	}
	if w := Words(next, next); len(w) > 0 {
		t.Error(w)
	}
}

// folder makes a configuration folder and returns it with what is in it.
func folder(t *testing.T) (string, map[string]string) {
	t.Helper()
	dir := t.TempDir()
	if err := config.Init(filepath.Join(dir, "c")); err != nil {
		t.Fatal(err)
	}
	files, _, err := config.Texts(filepath.Join(dir, "c"))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "c"), files
}

func is(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got, _, err := config.Texts(dir)
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("the folder is not what it should be: %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".*"))
	deeper, _ := filepath.Glob(filepath.Join(dir, "*", ".*"))
	if len(left)+len(deeper) > 0 {
		t.Errorf("left over: %v %v", left, deeper)
	}
}

func over(files map[string]string, gone ...string) config.Overlay {
	out := config.Overlay{}
	for n, text := range files {
		out[n] = &text
	}
	for _, n := range gone {
		out[n] = nil
	}
	return out
}

func TestWriteIsAllOrNothing(t *testing.T) {
	dir, before := folder(t)
	change := over(map[string]string{"queues.yaml": "queues: {}\n", "dialplan/30-new.yaml": "contexts: {}\n", "people.yaml": "people: []\n"}, "dialplan/20-phones.yaml")
	for fail := range 3 {
		n := 0
		d := Disk{Rename: func(from, to string) error {
			if n++; n > fail {
				return syscall.EROFS
			}
			return os.Rename(from, to)
		}}
		if err := d.Write(dir, change); !errors.Is(err, syscall.EROFS) {
			t.Errorf("rename %d fails: %v", fail, err)
		}
		is(t, dir, before)
	}
	full := Disk{Create: func(string) (*os.File, error) { return nil, syscall.ENOSPC }}
	if err := full.Write(dir, change); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "can't be written") {
		t.Error(err)
	}
	is(t, dir, before)
	if err := (Disk{}).Write(dir, change); err != nil {
		t.Fatal(err)
	}
	after := maps.Clone(before)
	for n, text := range change {
		if delete(after, n); text != nil {
			after[n] = *text
		}
	}
	is(t, dir, after)
}

func TestWriteKeepsToTheConfiguration(t *testing.T) {
	dir, before := folder(t)
	for _, name := range []string{"../x.yaml", "secrets/phones", "dialplan/../ringway.yaml", "dialplan/.x.yaml", "dialplan/a/b.yaml", "notes.txt", "dialplan/x.txt"} {
		if err := (Disk{}).Write(dir, over(map[string]string{name: "x"})); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	is(t, dir, before)
	real := filepath.Join(t.TempDir(), "elsewhere.yaml")
	if err := os.Rename(filepath.Join(dir, "people.yaml"), real); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(real, filepath.Join(dir, "people.yaml")), os.Chmod(real, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := (Disk{}).Write(dir, over(map[string]string{"people.yaml": "people: []\n"})); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(filepath.Join(dir, "people.yaml"))
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("the file behind the link lost its mode")
	}
}
