package console

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/console/hooks"
	"ringway/console/staff"
	"ringway/store"
)

// Behind a place comes what follows it, whatever came and went meanwhile.
func TestPages(t *testing.T) {
	type call struct {
		start int64
		id    string
	}
	of := func(c call) place { return placeOf(time.Unix(c.start, 0), c.id) }
	all := []call{{3, "c"}, {1, "z"}, {2, "b.2"}, {2, "a"}, {9, "x"}}
	read := func(in Paged) Page[call] {
		t.Helper()
		p, err := pageOf(all, in, of)
		if err != nil {
			t.Fatal(err)
		}
		return p.Body
	}
	first := read(Paged{Limit: 3})
	if fmt.Sprint(first.Items) != "[{1 z} {2 a} {2 b.2}]" || first.Next != "2000000000.b.2" {
		t.Fatalf("%+v", first)
	}
	all = []call{{9, "x"}, {3, "c"}, {1, "new"}, {2, "a"}} // b.2, at which the page ended, is over
	if second := read(Paged{Limit: 3, Cursor: first.Next}); fmt.Sprint(second.Items) != "[{3 c} {9 x}]" || second.Next != "" {
		t.Errorf("%+v", second)
	}
	if whole := read(Paged{Limit: 4}); len(whole.Items) != 4 || whole.Next != "" {
		t.Errorf("a page that holds all: %+v", whole)
	}
	if end := read(Paged{Limit: 4, Cursor: "10000000000.x"}); end.Items == nil || len(end.Items) != 0 || end.Next != "" {
		t.Errorf("behind the end: %+v", end)
	}
	for _, wrong := range []string{"x", "1", "1.", ".a", "-1.a", " 1.a", "9999999999999999999.a"} {
		if _, err := pageOf(all, Paged{Limit: 1, Cursor: wrong}, of); err == nil {
			t.Errorf("%q is a cursor", wrong)
		}
	}
}

// plenty is a floor, a library and a post room with several of everything, in no order.
type plenty struct {
	*floor
	*library
	*postRoom
}

func (plenty) Bindings(context.Context) []BindingView {
	return []BindingView{{AOR: "sip:mei@x", Contact: "sip:b"}, {AOR: "sip:ken@x", Contact: "sip:c"}, {AOR: "sip:mei@x", Contact: "sip:a"}}
}

func (plenty) Trunks(context.Context) []TrunkView { return []TrunkView{{Name: "b"}, {Name: "a"}} }

func (plenty) Captures(context.Context) []CaptureView {
	at := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	return []CaptureView{{ID: "x", Started: at.Add(time.Second)}, {ID: "a", Started: at.Add(2 * time.Second)}, {ID: "z", Started: at}}
}

func (c plenty) Queues(ctx context.Context) ([]QueueView, error) {
	all, err := c.floor.Queues(ctx)
	at := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	all[1].Callers = []WaitingView{{ID: "favoured", Entered: at.Add(9 * time.Second)}, {ID: "first", Entered: at}, {ID: "second", Entered: at.Add(time.Second)}}
	return all, err
}

func (plenty) List(context.Context) ([]hooks.Status, error) {
	return []hooks.Status{{Endpoint: hooks.Endpoint{Name: "crm"}}, {Endpoint: hooks.Endpoint{Name: "billing"}}}, nil
}

func (plenty) ReportMails(context.Context, int) ([]store.ReportMail, error) {
	return []store.ReportMail{{Letter: "b", To: "lin"}, {Letter: "a", To: "tom"}}, nil
}

// listed are the lists of the description, by identifier, as a path in which everything is named that it is about; bare are those
// that answer an array.
func (o *office) listed(t *testing.T) (lists map[string]string, bare []string) {
	var d struct {
		Paths map[string]map[string]struct {
			ID        string `json:"operationId"`
			Responses map[string]struct {
				Content map[string]struct {
					Schema struct {
						Type any    `json:"type"`
						Ref  string `json:"$ref"`
					} `json:"schema"`
				} `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	o.anonymous().read("/api/openapi.json", &d)
	named := strings.NewReplacer("/queues/{name}", "/queues/help", "/webhooks/{name}", "/webhooks/crm", "/customers/{id}", "/customers/c-7", "/calls/{id}", "/calls/of-mei")
	lists = map[string]string{}
	for path, methods := range d.Paths {
		op, reads := methods["get"]
		if !reads {
			continue
		}
		schema := op.Responses["200"].Content["application/json"].Schema
		switch properties := d.Components.Schemas[schema.Ref[strings.LastIndex(schema.Ref, "/")+1:]].Properties; {
		case properties["items"] != nil && properties["next"] != nil:
			lists[op.ID] = named.Replace(path)
		case strings.Contains(fmt.Sprint(schema.Type), "array"):
			bare = append(bare, op.ID)
		}
	}
	return lists, bare
}

// Every list comes in pages that together are the whole list, each thing once, and refuses what is no cursor. Whoever adds a list
// that is in memory makes it of pageOf, one that is in the database of readPage.
func TestEveryListPages(t *testing.T) {
	c := plenty{&floor{}, &library{}, &postRoom{}}
	s := &shelf{}
	o, _ := busy(t, func(opts *Options) {
		opts.Switch, opts.Queues, opts.Trunks, opts.Traces, opts.Webhooks, opts.Mails, opts.Plans = c, c, c, c, c, c, c
		opts.Walls, opts.Recordings, opts.Letters = rooms{}, generous{s}, &outbox{}
	})
	s.o = o
	fill(t, o)
	lists, bare := o.listed(t)
	if fmt.Sprint(bare) != "[scopes]" {
		t.Errorf("%v answer bare lists: let them page", bare)
	}
	ada := o.as("ada")
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		path := lists[id]
		for _, wrong := range []string{"nonsense!", "no.place", "1.", "99999999999999999999.far"} {
			ada.want("GET", path+"?cursor="+url.QueryEscape(wrong), nil, 422, "query.cursor")
		}
		var whole Page[json.RawMessage]
		ada.read(path+"?limit=200", &whole)
		if len(whole.Items) < 2 || whole.Next != "" {
			t.Errorf("%s: %d items, next %q: give the test some", id, len(whole.Items), whole.Next)
		}
		var walked []string
		for cursor, pages := "", 0; pages <= len(whole.Items); pages++ {
			var one Page[json.RawMessage]
			ada.read(path+"?limit=1&cursor="+url.QueryEscape(cursor), &one)
			for _, item := range one.Items {
				walked = append(walked, string(item))
			}
			if cursor = one.Next; cursor == "" {
				break
			}
		}
		want := []string{}
		for _, item := range whole.Items {
			want = append(want, string(item))
		}
		if !slices.Equal(walked, want) {
			t.Errorf("%s: page by page %s, as a whole %s", id, walked, want)
		}
	}
	if got := fmt.Sprint(ids(t, ada.want("GET", "/api/v1/queues/help/waiting", nil, 200, `"place":1`))); got != "[first second favoured]" {
		t.Errorf("who waits: %s", got)
	}
}

// fill puts on record what the lists of the database are to show.
func fill(t *testing.T, o *office) {
	t.Helper()
	at := o.clock.now()
	var rows []store.Record
	for i := range 3 {
		rows = append(rows, store.Record{Recording: &store.Recording{ID: fmt.Sprint("r", i), Call: "of-mei", State: store.RecordingDone, Start: at, End: at}})
		for _, err := range []error{
			o.db.PutCustomerNote(t.Context(), store.CustomerNote{ID: fmt.Sprint("n", i), Customer: "c-7", At: at, Text: "x"}),
			o.db.PutAudit(t.Context(), store.AuditEntry{At: at, Action: fmt.Sprint("a", i)}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		o.machine(staff.Events)
		if _, err := o.db.PutCustomer(t.Context(), store.CustomerRow{ID: fmt.Sprint("c-", 7+i), Version: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.db.Save(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
}

// All notes of a customer can be read, however many: the newest come with her, and say where the others begin.
func TestOlderNotes(t *testing.T) {
	o, _ := busy(t)
	mei := o.as("mei")
	mei.want("GET", "/api/v1/customers/c-7/notes", nil, 404)
	if _, err := o.db.PutCustomer(t.Context(), store.CustomerRow{ID: "c-7", Version: 1}); err != nil {
		t.Fatal(err)
	}
	for i := range shownNotes + 1 {
		at := o.clock.now().Add(time.Duration(i/2) * time.Microsecond) // two at a time
		if err := o.db.PutCustomerNote(t.Context(), store.CustomerNote{ID: fmt.Sprintf("n%03d", i), Customer: "c-7", At: at, Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	var c CustomerView
	mei.read("/api/v1/customers/c-7", &c)
	var rest Page[NoteView]
	mei.read("/api/v1/customers/c-7/notes?cursor="+c.Older, &rest)
	if len(c.Notes) != shownNotes || c.Notes[0].ID != "n100" || len(rest.Items) != 1 || rest.Items[0].ID != "n000" || rest.Next != "" {
		t.Errorf("%d notes and the cursor %q, then %+v", len(c.Notes), c.Older, rest)
	}
}
