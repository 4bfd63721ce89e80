package node

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
)

// recordHelp makes the queue help record.
func recordHelp(how string) edit {
	return edit{"queues.yaml", "    number: \"700\"\n", "    number: \"700\"\n    recording: " + how + "\n"}
}

// recordings waits until a call has so many recordings that are over, and returns all.
func (o *office) recordings(c *siptest.Call, over int) (out []store.Recording) {
	o.t.Helper()
	o.b.mu.Lock()
	id := o.b.calls[c.ID]
	o.b.mu.Unlock()
	o.b.until(o.t, fmt.Sprintf("%d recordings that are over", over), func() bool {
		if err := o.n.records.Flush(o.t.Context()); err != nil {
			return false
		}
		var err error
		out, err = o.n.db.Recordings(o.t.Context(), store.RecordingQuery{Call: id})
		return err == nil && len(slices.DeleteFunc(slices.Clone(out), func(r store.Recording) bool { return r.End.IsZero() })) >= over
	})
	return out
}

// visitIn is a call's stay in a queue.
func (o *office) visitIn(c *siptest.Call, queue string) store.Visit {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	for _, v := range o.b.visits {
		if v.Call == o.b.calls[c.ID] && v.Queue == queue {
			return v
		}
	}
	return store.Visit{}
}

// channels reads a recording: left and right.
func (o *office) channels(r store.Recording) (left, right []int16) {
	o.t.Helper()
	b, err := os.ReadFile(filepath.Join(o.data, recordingsFolder, r.File))
	if err != nil {
		o.t.Fatal(err)
	}
	for i := 44; i+3 < len(b); i += 4 {
		left = append(left, int16(b[i])|int16(b[i+1])<<8)
		right = append(right, int16(b[i+2])|int16(b[i+3])<<8)
	}
	return left, right
}

// share is how much of pcm, at 8 kHz, is a tone: 0 to 1. It looks at 50 ms at a time, so that a phone that was late now and then
// speaks as well as one that was not.
func share(pcm []int16, hertz float64) float64 {
	const window = 400
	var tone, all float64
	for ; len(pcm) >= window; pcm = pcm[window:] {
		var re, im float64
		for i, v := range pcm[:window] {
			s, c := math.Sincos(2 * math.Pi * hertz * float64(i) / 8000)
			re, im, all = re+float64(v)*c, im+float64(v)*s, all+float64(v)*float64(v)
		}
		tone += 2 * (re*re + im*im) / window
	}
	return tone / max(all, 1)
}

func TestQueueRecordsOrNot(t *testing.T) {
	for _, how := range []string{"off", "on", "announced"} {
		t.Run(how, func(t *testing.T) {
			o := openOffice(t, recordHelp(how))
			out, in := o.talk(o.customer("zh-TW"), "help", o.agent("zh1"))
			out.Send(440)
			in.Send(1000)
			in.WantTone(t, 440)
			time.Sleep(time.Second)
			out.Bye()
			in.ExpectBye()
			call := o.over(out)
			waited := o.visit(out).Enter.Sub(call.Answer)
			if told := waited > 800*time.Millisecond; told != (how == "announced") {
				t.Errorf("the caller entered the queue %v after the answer", waited)
			}
			if how == "off" {
				if found := o.recordings(out, 0); len(found) != 0 {
					t.Errorf("recorded: %+v", found)
				}
				return
			}
			r := o.recordings(out, 1)[0]
			if r.State != store.RecordingDone || r.Agent != "zh1" || r.Queue != "help" || r.Visit != o.visit(out).ID || r.Call != call.ID || r.Duration < 800*time.Millisecond || r.Reason != "" {
				t.Errorf("on record: %+v", r)
			}
			left, right := o.channels(r)
			if a, b := share(left[len(left)/3:], 440), share(right[len(right)/3:], 1000); a < 0.6 || b < 0.6 || r.Bytes != int64(44+4*len(left)) {
				t.Errorf("left is the caller by %.2f, right the agent by %.2f; %d bytes", a, b, r.Bytes)
			}
			info, err := os.Stat(filepath.Join(o.data, recordingsFolder, r.File))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v %v", info, err)
			}
			o.event(out, store.RecordingEnd, string(store.RecordingDone))
			o.quiet(patience)
			o.silent()
		})
	}
}

// While the agent holds nothing is recorded, neither side and no music; after a transfer the call has another recording.
func TestRecordingThroughHoldAndTransfer(t *testing.T) {
	o := openOffice(t, recordHelp("on"), edit{"queues.yaml", "    number: \"701\"\n", "    number: \"701\"\n    recording: on\n"})
	zh1, fly1 := o.agent("zh1"), o.agent("fly1")
	out, in := o.talk(o.customer("zh-TW"), "help", zh1)
	out.Send(440)
	in.Send(1000)
	in.WantTone(t, 440)
	in.Reinvite("sendonly")
	o.want("zh1", store.Hold)
	time.Sleep(time.Second)
	in.Reinvite("sendrecv")
	o.want("zh1", store.Talk)
	in.Forget()
	in.WantTone(t, 440)
	o.b.mu.Lock()
	id := o.b.calls[out.ID]
	o.b.mu.Unlock()
	if err := o.n.TransferToQueue(t.Context(), "zh1", id, "flights"); err != nil {
		t.Fatal(err)
	}
	in.ExpectBye()
	in.Close() // a phone that goes on sending would be taken for the next one at this address
	second := fly1.ExpectCall()
	second.Answer()
	second.WantTone(t, 440)
	out.Bye()
	second.ExpectBye()
	o.over(out)
	all := o.recordings(out, 2)
	if len(all) != 2 || all[0].Agent != "zh1" || all[1].Agent != "fly1" || all[1].Queue != "flights" {
		t.Fatalf("on record: %+v", all)
	}
	if a, b := o.visitIn(out, "help"), o.visitIn(out, "flights"); all[0].Visit != a.ID || all[1].Visit != b.ID || a.ID == b.ID {
		t.Errorf("recordings of the visits %q and %q; the visits are %q and %q", all[0].Visit, all[1].Visit, a.ID, b.ID)
	}
	left, right := o.channels(all[0])
	quietest := func(pcm []int16) (n int) { // the longest silence, in samples
		run := 0
		for _, v := range pcm {
			if run++; v > 50 || v < -50 {
				run = 0
			}
			n = max(n, run)
		}
		return n
	}
	if a, b := quietest(left), quietest(right); a < 7000 || b < 7000 {
		t.Errorf("on hold %d samples of the caller are silent and %d of the agent", a, b)
	}
	o.quiet(patience)
}

// The dialplan records where it says so, and stops where it says so; a phone that was called is on the right.
func TestDialplanRecords(t *testing.T) {
	o := openOffice(t, edit{"dialplan/20-phones.yaml", `"201": [{dial: {account: zh1, ring: 2s}}]`,
		`"201": [mix_monitor, {dial: {account: zh1, ring: 2s}}]
      "209": [mix_monitor, stop_mix_monitor, {dial: {account: zh1, ring: 2s}}]`})
	zh1, en1 := o.phone("zh1"), o.phone("en1")
	for exten, want := range map[string]int{"201": 1, "209": 0} {
		out := en1.Invite(exten)
		in := zh1.ExpectCall()
		in.Answer()
		out.Expect(200)
		out.Send(440)
		in.WantTone(t, 440)
		out.Bye()
		in.ExpectBye()
		o.over(out)
		if found := o.recordings(out, want); len(found) != want || want > 0 && (found[0].Agent != "zh1" || found[0].Visit != "") {
			t.Errorf("%s: %+v", exten, found)
		}
	}
}

// A file that cannot be made costs the recording, and the call goes on.
func TestRecordingFailsAndTheCallGoesOn(t *testing.T) {
	o := openOffice(t, recordHelp("on"))
	if err := os.WriteFile(filepath.Join(o.data, recordingsFolder, time.Now().UTC().Format("2006")), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, in := o.talk(o.customer("zh-TW"), "help", o.agent("zh1"))
	r := o.recordings(out, 1)[0]
	if r.State != store.RecordingBroken || r.Reason != store.RecordingFault || o.n.media.Stats().Unrecorded != 1 {
		t.Errorf("on record: %+v", r)
	}
	out.Send(440)
	in.WantTone(t, 440)
	out.Bye()
	in.ExpectBye()
	o.over(out)
}

// recorded has one customer's call recorded.
func (o *office) recorded(customer string, agent *siptest.Handset) (store.Call, store.Recording) {
	o.t.Helper()
	out, in := o.talk(o.app(console.MintRequest{Subject: customer, Claims: store.Claims{Language: "zh-TW", Customer: customer, Name: "Lin Yi-Chen"}}), "help", agent)
	out.Send(440)
	in.WantTone(o.t, 440)
	out.Bye()
	in.ExpectBye()
	return o.over(out), o.recordings(out, 1)[0]
}

func (o *office) rec(id string) store.Recording {
	o.t.Helper()
	if err := o.n.records.Flush(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	r, err := o.n.db.Recording(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// A forgotten customer's voice is gone, from calls that are over and from one that is not; nobody else's is, and no figure
// changes.
func TestForgottenCustomersAreNotHeard(t *testing.T) {
	o := openOffice(t, recordHelp("on"))
	zh1, zh2 := o.agent("zh1"), o.agent("zh2")
	_, old := o.recorded("k-7", zh1)
	_, other := o.recorded("k-8", zh2)
	o.want("zh1", store.Available)
	app := o.app(console.MintRequest{Subject: "c-9", Claims: store.Claims{Language: "zh-TW", Customer: "k-7"}})
	out := app.Invite("help")
	var in *siptest.Call
	select {
	case in = <-zh1.Calls():
	case in = <-zh2.Calls():
	}
	in.Answer()
	o.event(out, store.VisitConnect, "")
	o.b.until(t, "her conversation with an agent", func() bool {
		return o.b.states["zh1"].State == string(store.Talk) || o.b.states["zh2"].State == string(store.Talk)
	})
	cut := time.Now()
	if err := o.n.records.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := o.today(cut)
	f, err := o.n.Forget(t.Context(), "k-7")
	if err != nil || f.Recordings != 2 {
		t.Fatalf("forgotten: %+v, %v", f, err)
	}
	out.Bye()
	in.ExpectBye()
	o.over(out)
	runs := o.recordings(out, 1)[0]
	for _, id := range []string{old.ID, runs.ID} {
		r := o.rec(id)
		if _, err := os.Stat(filepath.Join(o.data, recordingsFolder, r.File)); !os.IsNotExist(err) || r.State != store.RecordingDeleted || r.Reason != store.RecordingForgotten {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if r := o.rec(other.ID); r.State != store.RecordingDone {
		t.Errorf("somebody else's: %+v", r)
	}
	if after := o.today(cut); after != before {
		t.Errorf("the report was\n%s\nand is\n%s", before, after)
	}
	o.quiet(patience)
	o.close()
	if f, err := Forget(t.Context(), o.data, "k-8"); err != nil || f.Recordings != 1 {
		t.Errorf("with the switch stopped: %+v, %v", f, err)
	}
}

// Sound is deleted when it is older than it is kept, and its row stays.
func TestRecordingsAreKeptForSoLong(t *testing.T) {
	o := openOffice(t, recordHelp("on"))
	_, r := o.recorded("k-7", o.agent("zh1"))
	now := o.n.clock.Now()
	for _, c := range []struct {
		days int
		want store.RecordingState
	}{{89, store.RecordingDone}, {91, store.RecordingDeleted}, {92, store.RecordingDeleted}} {
		o.n.recordings.now = func() time.Time { return now.AddDate(0, 0, c.days) }
		o.n.recordings.sweep(t.Context())
		if got := o.rec(r.ID); got.State != c.want {
			t.Errorf("after %d days: %+v", c.days, got)
		}
	}
	if got := o.rec(r.ID); got.Reason != store.RecordingRetention || got.Bytes != 0 || got.Duration != r.Duration {
		t.Errorf("%+v", got)
	}
	left, err := os.ReadDir(filepath.Join(o.data, recordingsFolder))
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// What a kill left open is closed at the next start, and can be heard.
func TestRecordingsThatACrashLeftOpen(t *testing.T) {
	o := openOffice(t, recordHelp("on"))
	_, done := o.recorded("k-7", o.agent("zh1"))
	cut, gone := done, done
	cut.ID, cut.File, cut.End, cut.Duration, cut.State = "cut", "2026/03/02/cut.wav", time.Time{}, 0, store.RecordingRuns
	gone.ID, gone.File, gone.End, gone.State = "gone", "2026/03/02/gone.wav", time.Time{}, store.RecordingRuns
	private := cut
	private.ID, private.File, private.Reason = "private", "2026/03/02/private.wav", store.RecordingForgotten
	if err := o.n.db.Save(t.Context(), []store.Record{{Recording: &cut}, {Recording: &gone}, {Recording: &private}}); err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(filepath.Join(o.data, recordingsFolder, done.File))
	if err != nil {
		t.Fatal(err)
	}
	o.close()
	copy(sound[40:44], []byte{0, 0, 0, 0})
	folder := filepath.Join(o.data, recordingsFolder, "2026", "03", "02")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cut", "private"} {
		if err := os.WriteFile(filepath.Join(folder, name+".wav.part"), append(sound, 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.edit(edit{"ringway.yaml", "realm:", "recording: {retention: 0s}\nrealm:"})
	o.start()
	if r := o.rec("cut"); r.State != store.RecordingBroken || r.Reason != store.RecordingCrash || r.Duration != done.Duration || r.Bytes != int64(len(sound)) {
		t.Errorf("cut: %+v, whole it was %+v", r, done)
	}
	if r := o.rec("gone"); r.State != store.RecordingBroken || r.Reason != store.RecordingMissing || r.End.IsZero() {
		t.Errorf("gone: %+v", r)
	}
	if r := o.rec("private"); r.State != store.RecordingDeleted || r.Reason != store.RecordingForgotten {
		t.Errorf("of somebody forgotten: %+v", r)
	}
	if _, err := os.Stat(filepath.Join(folder, "private.wav.part")); !os.IsNotExist(err) {
		t.Errorf("of somebody forgotten: %v", err)
	}
	caller, agent := o.channels(done)
	if left, right := o.channels(o.rec("cut")); len(left) == 0 || !slices.Equal(left, caller) || !slices.Equal(right, agent) {
		t.Error("what was written can't be heard")
	}
}

// Who may hear a recording, who may delete it, and what an export holds.
func TestRecordingsInTheConsole(t *testing.T) {
	o := openOfficeWithConsole(t, recordHelp("on"), edit{"people.yaml", "people:\n", "people:\n  - {id: ada, name: Ada, role: admin}\n"})
	boss, chief := o.browse("lin"), o.browse("ada")
	call, r := o.recorded("k-7", o.agent("zh1"))
	var page console.Page[console.RecordingView]
	boss.do("GET", "/calls/"+call.ID+"/recordings", nil, 200, &page)
	if list := page.Items; len(list) != 1 || list[0].ID != r.ID || list[0].Duration != r.Duration.Seconds() || list[0].Visit != r.Visit || r.Visit == "" {
		t.Fatalf("%+v", list)
	}
	sound, err := os.ReadFile(filepath.Join(o.data, recordingsFolder, r.File))
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string][]byte{"": sound, "bytes=44-143": sound[44:144]} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", boss.url+"/api/v1/recordings/"+r.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Close = true
		req.Header.Set("Cookie", boss.cookie)
		if asked != "" {
			req.Header.Set("Range", asked)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !bytes.Equal(got, want) || resp.Header.Get("Content-Type") != "audio/wav" {
			t.Errorf("%q: %d, %d bytes of %d, %v", asked, resp.StatusCode, len(got), len(want), err)
		}
	}
	boss.do("GET", "/recordings/nothing", nil, 404, nil)
	boss.do("DELETE", "/recordings/"+r.ID, nil, 403, nil)
	boss.do("GET", "/customers/k-7/export", nil, 403, nil)
	chief.do("GET", "/customers/nobody/export", nil, 404, nil)
	o.exported(chief, r, sound)
	chief.do("DELETE", "/recordings/"+r.ID, nil, 204, nil)
	boss.do("GET", "/recordings/"+r.ID, nil, 404, nil)
	chief.do("DELETE", "/recordings/"+r.ID, nil, 204, nil)
	if got := o.rec(r.ID); got.State != store.RecordingDeleted || got.Reason != store.RecordingByHand {
		t.Errorf("%+v", got)
	}
	seen, err := o.n.tables.Audit(t.Context(), store.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, e := range seen {
		did = append(did, e.Who+" "+e.Action)
	}
	for _, want := range []string{"lin listen", "ada export-customer", "ada delete-recording", "lin delete-recording"} {
		if !slices.Contains(did, want) {
			t.Errorf("%q is not on record: %q", want, did)
		}
	}
}

// exported reads an export.
func (o *office) exported(chief *visitor, r store.Recording, sound []byte) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), "GET", chief.url+"/api/v1/customers/k-7/export", nil)
	if err != nil {
		o.t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Cookie", chief.cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		o.t.Fatalf("%d %v", resp.StatusCode, err)
	}
	read := func(name string) []byte {
		f, err := z.Open(name)
		if err != nil {
			o.t.Fatal(err)
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			o.t.Fatal(err)
		}
		return b
	}
	var e console.Export
	if err := json.Unmarshal(read("customer.json"), &e); err != nil {
		o.t.Fatal(err)
	}
	if e.Customer != "k-7" || len(e.Calls) != 1 || len(e.Recordings) != 1 || e.Recordings[0].ID != r.ID || e.Recordings[0].Visit != r.Visit {
		o.t.Errorf("%+v", e)
	}
	if !bytes.Equal(read("recordings/"+r.ID+".wav"), sound) {
		o.t.Error("the sound is another one")
	}
}
