package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ringway/cmd/internal/node"
	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
)

// check places one call end to end and prints what came of it. It is false where anything was not as it should be.
func (c *company) check(ctx context.Context) bool {
	who := customers[0]
	c.printf("%s calls the help line from the app: %s, Opus.\n", who.claims.Name, who.speaks())
	v := c.visit(ctx, who, stay{patience, listen})
	if ctx.Err() != nil {
		return false
	}
	story, err := c.onRecord(ctx, v)
	c.first = story.Call.ID
	ok := v.err == nil && v.heardBoth() && err == nil
	w := c.table()
	w.row("agent", c.chosen(v, story))
	if v.talk != nil {
		w.row("audio", fmt.Sprintf("%s heard the customer: %s", c.nameOf(v.talk.account), said(v.toAgent, customerBeat)))
		w.row("", fmt.Sprintf("the customer heard %s: %s", c.nameOf(v.talk.account), said(v.toCustomer, agentBeat)))
		w.row("codecs", fmt.Sprintf("customer %s, agent %s", v.agreed.Codec.Name, v.talk.codec))
	}
	w.row("record", recordLine(story, err))
	if v.err != nil {
		w.row("failed", v.err.Error())
	}
	w.flush()
	if !ok {
		c.printf("The first call did NOT go as it should; the log is %s/demo.log.\n", c.o.Data)
		return false
	}
	c.printf("The first call works, both ways.\n")
	return true
}

// chosen says who was chosen and why, in one line.
func (c *company) chosen(v visit, story store.CallStory) string {
	for _, d := range story.Decisions {
		if len(d.Chosen) == 0 {
			continue
		}
		why := strings.Split(report.Words{Name: c.nameOf}.WhyAgent(d), "\n")
		if len(why) > 1 {
			return strings.TrimSpace(why[1])
		}
	}
	if v.talk != nil {
		return c.nameOf(v.talk.account) + "; no decision is on record"
	}
	return "none"
}

// said is what one side made out of a beat.
func said(h Heard, b Beat) string {
	switch {
	case h.Packets == 0:
		return "NOTHING, no packet came"
	case !h.OK():
		return fmt.Sprintf("NOT CLEARLY: %.0f Hz for %s, something else for %s, %d onsets", b.Hz, h.Tone.Round(10*time.Millisecond), h.Other.Round(10*time.Millisecond), h.Beats)
	}
	return fmt.Sprintf("%.0f Hz, %.1f ms behind", b.Hz, float64(h.Delay.Microseconds())/1000)
}

var (
	errNoRecord = errors.New("the call is not in the database")
	errOpen     = errors.New("no end of it is on record")
)

// onRecord reads the call back from the database, where it must be complete soon after its end.
func (c *company) onRecord(ctx context.Context, v visit) (store.CallStory, error) {
	s := c.config.Settings.Database
	if s.Driver != "sqlite" {
		return store.CallStory{}, fmt.Errorf("not checked: the %s database can't be read from outside", s.Driver)
	}
	db, err := sqlite.Open(ctx, node.DatabasePath(c.o.Data, s), sqlite.Options{ReadOnly: true, Log: c.o.Log})
	if err != nil {
		return store.CallStory{}, err
	}
	defer db.Close() //nolint:errcheck // it was only read
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(goodbye); ; {
		story, err := find(ctx, db, v)
		switch {
		case err == nil && !story.Call.End.IsZero():
			return story, nil
		case time.Now().After(until):
			return story, errors.Join(err, errOpen)
		}
		select {
		case <-ctx.Done():
			return story, ctx.Err()
		case <-tick.C:
		}
	}
}

// find looks for the call by its Call-ID.
func find(ctx context.Context, db *sqlite.DB, v visit) (store.CallStory, error) {
	page, err := db.Calls(ctx, store.CallQuery{From: v.start.Add(-time.Minute)})
	if err != nil {
		return store.CallStory{}, err
	}
	for _, call := range page.Calls {
		if call.SIPID == v.sipID && v.sipID != "" {
			return db.Story(ctx, call.ID)
		}
	}
	return store.CallStory{}, errNoRecord
}

// recordLine says how the call stands in the database.
func recordLine(s store.CallStory, err error) string {
	if err != nil {
		return "FAILED: " + strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	c := s.Call
	return fmt.Sprintf("call %s, %s, %s long, ended by %s", c.ID, c.Disposition, c.End.Sub(c.Start).Round(100*time.Millisecond), c.EndedBy)
}
