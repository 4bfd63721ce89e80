package node

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"ringway/config"
	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
)

const customersFile = "dialplan/10-customers.yaml"

// draft changes one file as an editor would: the text comes from the console, masks and all.
func (o *office) draft(p *plans, edits ...edit) (console.Draft, string) {
	o.t.Helper()
	shown, err := p.Files(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	out := console.Draft{}
	for _, e := range edits {
		i := slices.IndexFunc(shown.Files, func(f console.ConfigFile) bool { return f.Path == e.file })
		if i < 0 || !strings.Contains(shown.Files[i].Text, e.old) {
			o.t.Fatalf("%s has no %q", e.file, e.old)
		}
		text := strings.Replace(shown.Files[i].Text, e.old, e.new, 1)
		out[e.file] = &text
	}
	return out, shown.Version
}

func (o *office) apply(p *plans, edits ...edit) console.Applied {
	o.t.Helper()
	files, base := o.draft(p, edits...)
	done, err := p.Apply(context.Background(), console.ApplyRequest{Files: files, Base: base, Comment: "a test", Who: "ada"})
	if err != nil {
		o.t.Fatal(err)
	}
	return done
}

// onDisk is all text of the configuration.
func (o *office) onDisk() string {
	o.t.Helper()
	files, version, err := config.Texts(o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	out := version
	for _, n := range sortedNames(files) {
		out += n + files[n]
	}
	return out
}

var toFull = edit{customersFile, `on: {timeout: "help,late", full: "help,full", key: "help,key"`, `on: {timeout: "help,full", full: "help,full", key: "help,key"`}

// TestApplyAndRollBackWhileCallsAreUp: a call takes the branches of the plan that it began with, whatever is applied meanwhile.
func TestApplyAndRollBackWhileCallsAreUp(t *testing.T) {
	o := openOffice(t)
	p := newPlans(o.n)
	first := o.customer("en").Invite("quiet")
	first.Expect(200)
	o.event(first, store.VisitEnter, "")
	done := o.apply(p, toFull)
	if !done.Applied || done.Number != 2 || len(done.Changes) == 0 || done.Changes[0].Noun != "extension" || done.Version != o.n.config().Version {
		t.Errorf("%+v", done)
	}
	second := o.customer("en").Invite("quiet")
	second.Expect(200)
	o.event(second, store.VisitEnter, "")
	back, err := p.Rollback(context.Background(), console.RollbackRequest{Version: "1", Who: "ada"})
	if err != nil || back.Number != 3 {
		t.Fatalf("%+v %v", back, err)
	}
	third := o.customer("en").Invite("quiet")
	third.Expect(200)
	for c, want := range map[*siptest.Call]string{first: "late", second: "full", third: "late"} {
		c.ExpectBye()
		o.event(c, store.UserEvent, want)
	}
	list, err := p.Versions(context.Background(), 0, 10)
	if err != nil || len(list) != 3 || list[0].Origin != "rollback" || list[1].Comment != "a test" || list[1].By != "ada" || list[2].Origin != "start" ||
		!list[0].InForce || list[2].InForce || list[0].Version != list[2].Version {
		t.Errorf("%+v %v", list, err)
	}
	d, err := p.Diff(context.Background(), "1", "2")
	if err != nil || len(d.Files) != 1 || !strings.Contains(d.Files[0].Text, "+") || len(d.Changes) != 1 || d.Changes[0].Kind != "changed" {
		t.Errorf("%+v %v", d, err)
	}
	if d, err = p.Diff(context.Background(), "3", "current"); err != nil || len(d.Files) > 0 || d.To != back.Version {
		t.Errorf("%+v %v", d, err)
	}
	if _, err := p.Version(context.Background(), "9"); !errors.Is(err, console.ErrUnknown) {
		t.Error(err)
	}
	o.quiet(patience)
	o.silent()
}

// TestWhatCantBeAppliedChangesNothing: errors, a stale base, a key that needs a restart, a full disk, a folder that can't be written.
func TestWhatCantBeAppliedChangesNothing(t *testing.T) {
	o := openOffice(t)
	p := newPlans(o.n)
	ctx, before, inForce := context.Background(), o.onDisk(), o.n.config()
	same := func(what string) {
		t.Helper()
		if o.onDisk() != before || o.n.config() != inForce {
			t.Errorf("%s: something changed", what)
		}
		if list, err := p.Versions(ctx, 0, 10); err != nil || len(list) != 1 {
			t.Errorf("%s: %d versions, %v", what, len(list), err)
		}
	}
	bad := edit{"queues.yaml", "ring_time: 1s", "ring_time: soon"}
	files, base := o.draft(p, bad)
	_, err := p.Apply(ctx, console.ApplyRequest{Files: files, Base: base})
	var refused *console.Refused
	if !errors.As(err, &refused) || len(refused.Findings) != 1 || refused.Findings[0].File != "queues.yaml" || refused.Findings[0].EndColumn-refused.Findings[0].Column != 4 {
		t.Errorf("%+v %v", refused, err)
	}
	if f := refused.Findings[0]; f.Said == nil || f.Said.Text != "'{1}' is not a duration" || len(f.Said.Params) != 1 || f.Said.Params[0].Value != "soon" || f.Advised == nil {
		t.Errorf("it can't be told in another language: %+v", f)
	}
	same("an error")
	files, base = o.draft(p, edit{"ringway.yaml", "realm: wayfare.example", "realm: other.example"})
	if _, err = p.Apply(ctx, console.ApplyRequest{Files: files, Base: base}); !errors.As(err, &refused) || refused.Findings[0].Code != codeRestart {
		t.Errorf("%+v %v", refused, err)
	}
	same("a restart")
	files, base = o.draft(p, toFull)
	if _, err := p.Apply(ctx, console.ApplyRequest{Files: files, Base: "000000000000"}); !errors.Is(err, console.ErrOutdated) {
		t.Error(err)
	}
	same("a stale base")
	p.disk.Create = func(string) (*os.File, error) { return nil, syscall.ENOSPC }
	if _, err := p.Apply(ctx, console.ApplyRequest{Files: files, Base: base}); !errors.Is(err, console.ErrDisk) {
		t.Error(err)
	}
	same("a full disk")
	p.disk.Create, p.disk.Rename = nil, func(string, string) error { return syscall.EROFS }
	if _, err := p.Apply(ctx, console.ApplyRequest{Files: files, Base: base}); !errors.Is(err, console.ErrReadOnly) {
		t.Error(err)
	}
	same("a folder that can't be written")
}

// TestEditsByHandBecomeVersions: when they are reloaded, and when a start finds them.
func TestEditsByHandBecomeVersions(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	o.edit(toFull)
	p := newPlans(o.n)
	if f, err := p.Files(ctx); err != nil || !f.Pending || f.InForce == f.Version || f.Files[0].Path != "ringway.yaml" {
		t.Errorf("%+v %v", f, err)
	}
	o.reload(true)
	if r := o.n.Reload(ctx); !r.Applied {
		t.Error(r.Report)
	}
	o.close()
	o.start()
	o.close()
	o.edit(edit{"queues.yaml", "ring_time: 1s", "ring_time: 2s"})
	o.start()
	list, err := newPlans(o.n).Versions(ctx, 0, 10)
	var got []string
	for _, v := range list {
		got = append(got, v.Origin)
	}
	if err != nil || !slices.Equal(got, []string{"start", "disk", "start"}) {
		t.Errorf("%v %v", got, err)
	}
}

// TestSecretsStayInside: what the console shows of a configuration holds none, and what comes back has them again.
func TestSecretsStayInside(t *testing.T) {
	o := openOffice(t)
	p := newPlans(o.n)
	o.edit(edit{"ringway.yaml", "realm: wayfare.example", "realm: wayfare.example # edited"})
	o.reload(true)
	before := o.n.config().Secret("pw")
	done := o.apply(p, edit{"ringway.yaml", "# edited", "# edited twice"})
	if before == "" || o.n.config().Secret("pw") != before || len(done.Changes) > 0 {
		t.Errorf("the secret is %q; %+v", o.n.config().Secret("pw"), done)
	}
	v, err := p.Version(context.Background(), "1")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Files {
		if strings.Contains(f.Text, "password: pw") || strings.Contains(f.Text, `"pw"`) {
			t.Errorf("%s shows a password", f.Path)
		}
	}
}

// TestLadderOfACall: both legs, while the call is up and afterwards, without secrets.
func TestLadderOfACall(t *testing.T) {
	o := openOffice(t)
	en1 := o.agent("en1")
	capture, err := traces{o.n}.StartCapture(context.Background(), console.CaptureRequest{Filter: console.CaptureFilter{Kind: "account", Value: "en1"}, Seconds: 60}, "ada")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []console.CaptureFilter{{Kind: "address", Value: "nowhere"}, {Kind: "account", Value: "sip:en1@x"}, {Kind: "call", Value: "nowhere"}} {
		if _, err := (traces{o.n}).StartCapture(context.Background(), console.CaptureRequest{Filter: f, Seconds: 60}, "ada"); !errors.Is(err, console.ErrFilter) {
			t.Errorf("%v: %v", f, err)
		}
	}
	out, in := o.talk(o.customer("en"), "help", en1)
	id := o.n.Calls(context.Background())[0].ID
	up := o.ladder(id)
	in.Bye()
	out.ExpectBye()
	o.over(out)
	o.quiet(patience)
	if err := o.n.records.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	after := o.ladder(id)
	if len(after.Messages) <= len(up.Messages) || !after.Complete {
		t.Errorf("%d messages up, %d afterwards, complete %t", len(up.Messages), len(after.Messages), after.Complete)
	}
	for _, want := range []string{"caller in INVITE", "caller out 200", "callee out INVITE", "callee in 200", "callee in ACK|", "callee in BYE", "caller out BYE"} {
		if !strings.Contains(steps(after), strings.TrimSuffix(want, "in ACK|")) {
			t.Errorf("no %q in %s", want, steps(after))
		}
	}
	if _, err := (traces{o.n}).Ladder(context.Background(), "nobody"); !errors.Is(err, console.ErrUnknown) {
		t.Error(err)
	}
	var b bytes.Buffer
	if err := (traces{o.n}).WriteCapture(context.Background(), capture.ID, &b); err != nil {
		t.Fatal(err)
	}
	packets := 0
	for file := b.Bytes()[24:]; len(file) > 0; packets++ {
		file = file[16+binary.LittleEndian.Uint32(file[8:]):]
	}
	if packets < 4 || bytes.Contains(b.Bytes(), []byte("response=\"0")) || binary.LittleEndian.Uint32(b.Bytes()) != 0xa1b2c3d4 {
		t.Errorf("%d packets", packets)
	}
	o.silent()
}

// ladder is a call's ladder; it must have two legs and no secrets.
func (o *office) ladder(id string) console.Ladder {
	o.t.Helper()
	l, err := traces{o.n}.Ladder(context.Background(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	if len(l.Parties) != 3 || l.Parties[0].Kind != "caller" || l.Parties[1].ID != "switch" || l.Parties[2].Kind != "callee" {
		o.t.Errorf("%+v", l.Parties)
	}
	for _, m := range l.Messages {
		if _, digest, ok := strings.Cut(m.Text, `response="`); ok && !strings.HasPrefix(digest, "xxxxxxxx") {
			o.t.Errorf("a digest shows: %s", m.Text)
		}
	}
	return l
}

// steps are the arrows of a ladder in words.
func steps(l console.Ladder) string {
	kind := map[string]string{}
	for _, p := range l.Parties {
		kind[p.ID] = p.Kind
	}
	var out []string
	for _, m := range l.Messages {
		out = append(out, kind[m.Party]+" "+m.Direction+" "+m.Summary)
	}
	return strings.Join(out, "|")
}

func TestForgettingClearsTraces(t *testing.T) {
	o := openOffice(t)
	out := o.customer("en").Invite("quiet")
	out.Expect(200)
	o.event(out, store.VisitEnter, "")
	id := o.n.Calls(context.Background())[0].ID
	if l, err := (traces{o.n}).Ladder(context.Background(), id); err != nil || len(l.Messages) == 0 {
		t.Fatalf("%+v %v", l, err)
	}
	if _, err := o.n.Forget(context.Background(), "c-1"); err != nil {
		t.Fatal(err)
	}
	if l, err := (traces{o.n}).Ladder(context.Background(), id); err != nil || len(l.Messages) > 0 || l.Complete {
		t.Errorf("%+v %v", l, err)
	}
	out.ExpectBye()
	o.quiet(patience)
}

// TestSchemasOfferNames: an editor offers what the configuration in force defines.
func TestSchemasOfferNames(t *testing.T) {
	o := openOffice(t)
	p := newPlans(o.n)
	if text, ok := p.Schema("dialplan"); !ok || !bytes.Contains(text, []byte(`"flights"`)) {
		t.Errorf("%t %s", ok, text)
	}
	if _, ok := p.Schema("secrets"); ok {
		t.Error("a schema of the secrets")
	}
	if _, err := os.Stat(filepath.Join(o.dir, "ringway.yaml")); err != nil {
		t.Error(err)
	}
}
