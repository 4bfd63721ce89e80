package node

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"ringway/console"
	"ringway/store"
)

// visitor is a person who works with the console of an office.
type visitor struct {
	o            *office
	url          string
	cookie, csrf string
}

// browse logs a person in to the console of an office that was opened with one.
func (o *office) browse(login string) *visitor {
	o.t.Helper()
	b := &visitor{o: o, url: o.n.ConsoleURL()}
	var me console.Me
	resp := b.do(http.MethodPost, "/login", map[string]string{"login": login, "password": consolePassword}, http.StatusOK, &me)
	b.csrf, b.cookie = me.CSRF, strings.Split(resp.Header.Get("Set-Cookie"), ";")[0]
	return b
}

const consolePassword = "a password of the tests"

// do sends a request, demands a status, and reads the answer into out.
func (b *visitor) do(method, path string, in any, status int, out any) *http.Response {
	b.o.t.Helper()
	var send bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&send).Encode(in); err != nil {
			b.o.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(b.o.t.Context(), method, b.url+"/api/v1"+path, &send)
	if err != nil {
		b.o.t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-CSRF-Token", b.csrf)
	req.Header.Set("Cookie", b.cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.o.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.o.t.Fatal(err)
	}
	if resp.StatusCode != status {
		b.o.t.Errorf("%s %s: %d %s", method, path, resp.StatusCode, text)
	} else if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			b.o.t.Errorf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return resp
}

// TestAManagerWorksWithTheSwitch: she logs in, sees who waits, changes the order, withdraws one, pauses an agent, ends a call,
// reads its story, and everything she did is on record.
func TestAManagerWorksWithTheSwitch(t *testing.T) {
	o := openOfficeWithConsole(t, edit{"people.yaml", "people:\n", "people:\n  - {id: ada, name: Ada, role: admin}\n"},
		edit{"queues.yaml", "    exit_keys: \"1\"\n", "    exit_keys: \"1\"\n    dispositions: {items: [refund, other]}\n"})
	boss, chief := o.browse("lin"), o.browse("ada")
	var queues console.Page[console.QueueView]
	boss.do("GET", "/queues", nil, 200, &queues)
	for _, q := range queues.Items {
		if d := q.Dispositions; q.Name == "help" && (len(d.Items) != 2 || d.Items[0].Code != "refund" || d.Items[0].Label != "Refund" || d.Required) {
			t.Errorf("what may be said of calls of help: %+v", d)
		}
	}
	zh1 := o.agent("zh1")
	var agents console.Page[console.AgentView]
	boss.do("GET", "/agents", nil, 200, &agents)
	if len(agents.Items) == 0 {
		t.Error("the manager sees nobody")
	}
	out, in := o.talk(o.customer("zh-TW"), "help", zh1)
	waiting := o.customer("zh-TW").Invite("help")
	waiting.Expect(200)
	o.event(waiting, store.VisitEnter, "")
	var page console.Page[console.WaitingView]
	boss.do("GET", "/queues/help/waiting", nil, 200, &page)
	list := page.Items
	if len(list) != 1 || list[0].Language != "zh-TW" {
		t.Fatalf("waiting: %+v", list)
	}
	boss.do("POST", "/visits/"+list[0].ID+"/priority", map[string]any{"seconds": 60}, 204, nil)
	boss.do("GET", "/queues/help/waiting", nil, 200, &page)
	if list = page.Items; len(list) != 1 || list[0].Priority != 60 {
		t.Errorf("after the head start: %+v", list)
	}
	boss.do("POST", "/visits/"+list[0].ID+"/withdraw", nil, 204, nil)
	o.event(waiting, store.VisitLeave, string(store.Withdrawn))
	boss.do("POST", "/visits/"+list[0].ID+"/withdraw", nil, 404, nil)
	waiting.ExpectBye()

	var live console.Page[console.LiveCall]
	boss.do("GET", "/live-calls", nil, 200, &live)
	talking := ""
	for _, c := range live.Items {
		if c.Agent == "zh1" {
			talking = c.ID
		}
	}
	boss.do("POST", "/agents/zh1/pause", map[string]any{"reason": "lunch"}, 200, nil)
	boss.do("POST", "/live-calls/"+talking+"/hangup", nil, 204, nil)
	out.ExpectBye()
	in.ExpectBye()
	o.want("zh1", store.NotReady)

	flush(t, o.n)
	var story console.StoryView
	boss.do("GET", "/calls/"+talking, nil, 200, &story)
	if story.Call.Agent != "zh1" || !story.Call.Reached || story.Call.End == nil || len(story.Legs) != 2 || len(story.Decisions) == 0 || len(story.Segments) == 0 {
		t.Errorf("the story: %+v", story)
	}
	var done console.Page[console.AuditView]
	chief.do("GET", "/audit?who=lin", nil, 200, &done)
	var actions []string
	for _, e := range done.Items {
		actions = append(actions, e.Action)
	}
	if got := strings.Join(actions, " "); got != "hang-up direct-agent withdraw prioritise login" {
		t.Errorf("on record: %s", got)
	}
	o.quiet(patience)
	o.silent()
}

// flush waits until all records are in the database.
func flush(t *testing.T, n *Node) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for n.records.Health().Waiting.Total() > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if err := n.records.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}
