package console

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"ringway/console/hooks"
	"ringway/console/staff"
	"ringway/store"
)

// postRoom is one webhook with three deliveries.
type postRoom struct{ resent []int64 }

var delivered = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func (*postRoom) List(context.Context) ([]hooks.Status, error) {
	return []hooks.Status{{Endpoint: hooks.Endpoint{Name: "crm", URL: "https://hooks.example.org/in?key=secret", Secrets: []hooks.Secret{[]byte("hidden")}},
		HookCounts: store.HookCounts{Pending: 1, Dead: 2}, Down: true, Error: "answered 500", Taken: delivered}}, nil
}

func (*postRoom) Deliveries(_ context.Context, q store.HookQuery) ([]store.HookDelivery, error) {
	if q.Hook != "crm" {
		return nil, fmt.Errorf("%w: %q", hooks.ErrUnknown, q.Hook)
	}
	var out []store.HookDelivery
	for id := int64(3); id > 0 && len(out) < q.Limit; id-- {
		if q.Before == 0 || id < q.Before {
			out = append(out, store.HookDelivery{ID: id, Hook: "crm", State: store.HookDead, Created: delivered, Last: delivered, Body: "{}"})
		}
	}
	return out, nil
}

func (p *postRoom) Resend(_ context.Context, id int64) (store.HookDelivery, error) {
	if id > 3 {
		return store.HookDelivery{}, fmt.Errorf("%w: %d", hooks.ErrUnknown, id)
	}
	p.resent = append(p.resent, id)
	return store.HookDelivery{ID: id, State: store.HookPending, Next: delivered}, nil
}

func (*postRoom) ResendDead(_ context.Context, hook string) (int, error) {
	if hook != "crm" {
		return 0, fmt.Errorf("%w: %q", hooks.ErrUnknown, hook)
	}
	return 2, nil
}

func TestWebhooks(t *testing.T) {
	room := &postRoom{}
	o := opened(t, func(o *Options) { o.Webhooks = room })
	m := o.machine(staff.Webhooks)
	const base = "/api/v1/webhooks"
	text := m.want(http.MethodGet, base, nil, 200)
	if want := `{"items":[{"name":"crm","url":"https://hooks.example.org/in?…","events":[],"state":"down","pending":1,"delivered":0,"dead":2,` +
		`"taken":"2026-03-02T09:00:00Z","error":"answered 500","failure":{"code":"status","detail":"500"}}],"next":""}`; text != want+"\n" {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	var page Page[DeliveryView]
	m.read(base+"/crm/deliveries?state=dead&limit=2", &page)
	if len(page.Items) != 2 || page.Items[0].ID != 3 || page.Next != "2" {
		t.Errorf("%+v", page)
	}
	m.read(base+"/crm/deliveries?limit=2&cursor="+page.Next, &page)
	if len(page.Items) != 1 || page.Items[0].ID != 1 {
		t.Errorf("%+v", page)
	}
	m.want(http.MethodGet, base+"/erp/deliveries", nil, 404, "erp")
	m.want(http.MethodGet, base+"/crm/deliveries?cursor=x", nil, 422, "query.cursor")
	m.want(http.MethodGet, base+"/crm/deliveries?state=lost", nil, 422, "query.state")
	m.want(http.MethodPost, base+"/deliveries/2/resend", nil, 200, `"state":"pending"`)
	m.want(http.MethodPost, base+"/deliveries/9/resend", nil, 404)
	m.want(http.MethodPost, base+"/crm/resend", nil, 200, `"count":2`)
	if len(room.resent) != 1 || room.resent[0] != 2 {
		t.Errorf("sent again: %v", room.resent)
	}
	o.machine(staff.Events).want(http.MethodGet, base, nil, 403)
	o.as("lin").want(http.MethodGet, base, nil, 403)
	o.as("ada").want(http.MethodGet, base, nil, 200)
}
