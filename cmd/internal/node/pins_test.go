package node

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/config/diag"
	"ringway/dialplan/apps"
)

// deskQueues are the queues of testdata/config/crowd, with a clock and a log that the test reads.
func deskQueues(t *testing.T) (q queues, now *time.Time, log *bytes.Buffer) {
	t.Helper()
	c, found, source := config.Load("../../../testdata/config/crowd")
	if c == nil {
		var b strings.Builder
		_ = diag.Render(&b, found, source)
		t.Fatal(b.String())
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	router := acd.NewRouter(acd.RouterOptions{})
	t.Cleanup(router.Stop)
	router.Apply(c.Spec)
	log = &bytes.Buffer{}
	return queues{router: router, config: func() *config.Config { return c }, log: slog.New(slog.NewTextHandler(log, nil)),
		pins: newPins(func() time.Time { return at })}, &at, log
}

func sitAt(t *testing.T, q queues, account, agent, pin string) apps.MemberReply {
	t.Helper()
	r, err := q.Member(context.Background(), apps.MemberCommand{Account: account, Agent: agent, Verb: apps.Desk, Pin: pin})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFiveWrongPinsHaveToWait(t *testing.T) {
	q, now, log := deskQueues(t)
	for i := range 5 {
		if r := sitAt(t, q, "hall", "201", "0815"); r.Result != "wrong_pin" || r.Spoken[0] != "wrong-pin" {
			t.Errorf("wrong pin %d: %+v", i, r)
		}
		*now = now.Add(time.Minute)
	}
	if r := sitAt(t, q, "hall", "201", "4711"); r.Done || r.Result != "wrong_pin" || r.Spoken[0] != "not-allowed" {
		t.Errorf("the right pin after five wrong ones: %+v", r)
	}
	if r := sitAt(t, q, "en1", "201", "4711"); r.Result != "desk_in_use" || r.Spoken[0] != "not-allowed" {
		t.Errorf("at another phone, which is somebody's: %+v", r)
	}
	*now = now.Add(10 * time.Minute)
	if r := sitAt(t, q, "hall", "201", "4711"); !r.Done || r.Spoken[0] != "ready" {
		t.Errorf("ten minutes later: %+v", r)
	}
	if text := log.String(); !strings.Contains(text, "account=hall") || strings.Contains(text, "0815") || strings.Contains(text, "4711") {
		t.Errorf("the log says %q", text)
	}
}

func TestWrongPinsOfLongAgoAreForgotten(t *testing.T) {
	q, now, _ := deskQueues(t)
	for range 12 {
		sitAt(t, q, "hall", "201", "0815")
		*now = now.Add(3 * time.Minute)
	}
	if r := sitAt(t, q, "hall", "201", "4711"); !r.Done {
		t.Errorf("the right pin: %+v", r)
	}
}

func TestHerOwnPhoneGivesTheDeskBack(t *testing.T) {
	q, _, _ := deskQueues(t)
	deskOf := func() string {
		snap, err := q.router.Snapshot(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range snap.Agents {
			if a.ID == "zh1" {
				return a.Desk
			}
		}
		return "unknown"
	}
	for _, typed := range []struct{ agent, pin string }{{"201", "4711"}, {"zh1", ""}, {"", ""}} {
		if r := sitAt(t, q, "hall", "zh1", "4711"); !r.Done || deskOf() != "hall" {
			t.Fatalf("she takes the desk: %+v, %q", r, deskOf())
		}
		if r := sitAt(t, q, "zh1", typed.agent, typed.pin); !r.Done || r.Agent != "zh1" || deskOf() != "" {
			t.Errorf("at her own phone: %+v, %q", r, deskOf())
		}
	}
}

func TestARefusedMemberHearsWhy(t *testing.T) {
	q, _, _ := deskQueues(t)
	r, err := q.Member(context.Background(), apps.MemberCommand{Account: "hall", Verb: apps.Join})
	if err != nil || r.Result != "unknown_agent" || len(r.Spoken) != 1 || r.Spoken[0] != "unknown-agent" {
		t.Errorf("a phone of nobody joins: %+v, %v", r, err)
	}
}
