package console

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"ringway/console/board"
	"ringway/console/staff"
)

// still is a board that never changes.
type still struct{}

func (still) View() (board.View, uint64) {
	return board.View{Formulas: map[string]string{"abandon_rate": "abandoned / offered"}, Zone: "Asia/Taipei", Queues: []board.Queue{{Name: "help"}}, Agents: []board.Agent{{ID: "mei", Team: "taipei"}, {ID: "ken", Team: "tokyo"}}}, 1
}

func (s still) Next(ctx context.Context, seen uint64) (board.View, uint64, error) {
	if seen == 0 {
		v, n := s.View()
		return v, n, nil
	}
	<-ctx.Done()
	return board.View{}, seen, ctx.Err()
}

func boarded(t *testing.T) *office {
	t.Helper()
	return opened(t, func(opts *Options) {
		walls, ok := opts.Journal.(Walls)
		if !ok {
			t.Fatal("the database keeps no screens")
		}
		opts.Board, opts.Walls = still{}, walls
	})
}

func shown(t *testing.T, text string) string {
	t.Helper()
	var v board.View
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, a := range v.Agents {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, " ")
}

func TestTheWallboardIsForManagersAndScreens(t *testing.T) {
	o := boarded(t)
	for _, c := range []struct {
		who    *caller
		status int
		ids    string
	}{{o.as("ada"), 200, "mei ken"}, {o.as("lin"), 200, "mei"}, {o.as("mei"), 403, ""}, {o.anonymous(), 401, ""},
		{o.machine(staff.ReadQueues), 200, "mei ken"}, {o.machine(staff.ReadCalls), 403, ""}} {
		status, text := c.who.send(http.MethodGet, base+"/board", nil)
		if status != c.status || status == 200 && shown(t, text) != c.ids {
			t.Errorf("%d %s, want %d with %q", status, text, c.status, c.ids)
		}
	}
}

func TestAScreensAddressShowsTheBoardAndNothingElse(t *testing.T) {
	o := boarded(t)
	lin := o.as("lin")
	var made NewWall
	if err := json.Unmarshal([]byte(lin.want(http.MethodPost, base+"/board/tokens", map[string]string{"label": "lobby"}, http.StatusCreated)), &made); err != nil {
		t.Fatal(err)
	}
	_, token, ok := strings.Cut(made.URL, "/wall?token=")
	if !ok || len(token) < 20 {
		t.Fatalf("address %q", made.URL)
	}
	screen := o.anonymous()
	if text := lin.want(http.MethodGet, base+"/board/tokens", nil, 200); !strings.Contains(text, `"used":null`) {
		t.Errorf("before its first use it is %s", text)
	}
	if text := screen.want(http.MethodGet, base+"/board?token="+token, nil, 200); shown(t, text) != "mei" {
		t.Errorf("the screen shows %s", text)
	}
	var page Page[WallView]
	text := lin.want(http.MethodGet, base+"/board/tokens", nil, 200, "lobby")
	err := json.Unmarshal([]byte(text), &page)
	if listed := page.Items; err != nil || len(listed) != 1 || listed[0].Used == nil || listed[0].By != "lin" || strings.Contains(text, token) {
		t.Errorf("listed as %s, %v", text, err)
	}
	screen.want(http.MethodGet, base+"/board?lang=ja&token="+token, nil, 200, `"abandon_rate":"放棄 / 着信"`)
	screen.want(http.MethodGet, base+"/board?token="+token, nil, 200, `"abandon_rate":"abandoned / offered"`)
	screen.want(http.MethodGet, base+"/board?lang=tlh&token="+token, nil, http.StatusUnprocessableEntity, "query.lang")
	for _, path := range []string{"/me", "/reports/queues", "/board/tokens"} {
		screen.want(http.MethodGet, base+path+"?token="+token, nil, http.StatusUnauthorized)
	}
	screen.want(http.MethodGet, base+"/board?token="+token+"x", nil, http.StatusUnauthorized)
	if all, err := o.db.WallTokens(t.Context()); err != nil || len(all) != 1 || strings.Contains(all[0].Hash, token) {
		t.Errorf("kept: %+v, %v", all, err)
	}
	// only its maker and administrators see it
	o.as("tom").want(http.MethodDelete, base+"/board/tokens/"+made.ID, nil, http.StatusNotFound)
	if text := o.as("tom").want(http.MethodGet, base+"/board/tokens", nil, 200); strings.Contains(text, made.ID) {
		t.Error("another manager sees it")
	}
	o.as("ada").want(http.MethodDelete, base+"/board/tokens/"+made.ID, nil, http.StatusNoContent)
	screen.want(http.MethodGet, base+"/board?token="+token, nil, http.StatusUnauthorized)
}

func TestARevokedScreensStreamEnds(t *testing.T) {
	o := boarded(t)
	lin := o.as("lin")
	var made NewWall
	if err := json.Unmarshal([]byte(lin.want(http.MethodPost, base+"/board/tokens", map[string]string{}, http.StatusCreated)), &made); err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(made.URL, "token=")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.api.URL()+base+"/board/stream?token="+token, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewScanner(resp.Body)
	for in.Scan() && !strings.HasPrefix(in.Text(), "data: ") {
	}
	lin.want(http.MethodDelete, base+"/board/tokens/"+made.ID, nil, http.StatusNoContent)
	for in.Scan() {
	}
	if ctx.Err() != nil {
		t.Error("the stream goes on")
	}
}

func TestTheBoardStreams(t *testing.T) {
	o := boarded(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.api.URL()+base+"/board/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	lin := o.as("lin")
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: lin.cookie})
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewScanner(resp.Body)
	for in.Scan() {
		if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
			if got := shown(t, data); got != "mei" {
				t.Errorf("the stream shows %q", got)
			}
			return
		}
	}
	t.Error("nothing came")
}
