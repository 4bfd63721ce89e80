package console

import (
	"context"
	"testing"

	"ringway/console/staff"
)

// callers stands for the switch: it places every call, but for people with no phone.
type callers struct{ placed []CallBack }

func (c *callers) CallBack(_ context.Context, b CallBack) (Placed, error) {
	if b.Person == "lin" {
		return Placed{}, NotPlaced("lin has no phone")
	}
	c.placed = append(c.placed, b)
	return Placed{Call: "new", By: "number"}, nil
}

func (c *callers) Reach(_ context.Context, customer, number string) string {
	if customer == "c-7" && number != "" {
		return "number"
	}
	return "none"
}

// Who may have whose phone rung for which customer, what is wrong with a request, and that a repeated one rings once.
func TestCallBacks(t *testing.T) {
	o, f := busy(t)
	mei, lin, tom := o.as("mei"), o.as("lin"), o.as("tom")
	mei.want("GET", "/api/v1/calls/of-mei", nil, 200, `"reach":"number"`)
	mei.want("POST", "/api/v1/callbacks", `{"call":"of-mei"}`, 201, `"call":"new"`, `"by":"number"`)
	mei.want("POST", "/api/v1/callbacks", `{"call":"of-ken"}`, 403)
	mei.want("POST", "/api/v1/callbacks", `{"call":"of-mei","agent":"ken"}`, 403)
	mei.want("POST", "/api/v1/callbacks", `{}`, 422, "body.customer")
	mei.want("POST", "/api/v1/callbacks", `{"call":"nothing"}`, 404)
	mei.want("POST", "/api/v1/callbacks", `{"customer":"nobody"}`, 404)
	lin.want("POST", "/api/v1/callbacks", `{"call":"of-mei"}`, 409, "lin has no phone")
	lin.want("POST", "/api/v1/callbacks", `{"call":"of-nobody","agent":"mei"}`, 201)
	lin.want("POST", "/api/v1/callbacks", `{"call":"of-nobody","agent":"ken"}`, 403, "not in your teams")
	tom.want("POST", "/api/v1/callbacks", `{"call":"of-mei","agent":"ken"}`, 403)
	o.anonymous().want("POST", "/api/v1/callbacks", `{"call":"of-mei"}`, 401)
	o.machine(staff.ReadCalls).want("POST", "/api/v1/callbacks", `{"call":"of-mei","agent":"mei"}`, 403)
	crm := o.machine(staff.WriteCalls)
	crm.want("POST", "/api/v1/callbacks", `{"call":"of-mei"}`, 422, "body.agent")
	for range 2 {
		crm.with("Idempotency-Key", "once").want("POST", "/api/v1/callbacks", `{"call":"of-mei","agent":"mei"}`, 201)
	}
	// what is kept of a customer counts before what a call said of her
	mei.want("POST", "/api/v1/customers", `{"id":"c-7","name":"Lin Yi","number":"+886955000222"}`, 201)
	mei.want("GET", "/api/v1/customers/c-7", nil, 200, `"reach":"number"`)
	mei.want("POST", "/api/v1/callbacks", `{"customer":"c-7"}`, 201)
	mei.want("POST", "/api/v1/callbacks", `{"call":"of-mei"}`, 201)
	was := CallBack{Person: "mei", Customer: "c-7", Name: "Lin <b>Yi</b>", Number: "+886955000111", Returns: "of-mei"}
	ofNobody, byCustomer, now := was, was, was
	ofNobody.Returns = "of-nobody"
	byCustomer.Name, byCustomer.Number, byCustomer.Returns = "Lin Yi", "+886955000222", ""
	now.Name, now.Number = "Lin Yi", "+886955000222"
	want := []CallBack{was, ofNobody, was, byCustomer, now}
	if len(f.placed) != len(want) {
		t.Fatalf("placed: %+v", f.placed)
	}
	for i := range want {
		if f.placed[i] != want[i] {
			t.Errorf("call %d: %+v, want %+v", i, f.placed[i], want[i])
		}
	}
	o.as("ada").want("GET", "/api/v1/audit?action=call-back", nil, 200, "agent mei, customer c-7")
}
