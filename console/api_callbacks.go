package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"ringway/console/staff"
	"ringway/store"
)

// Callbacks places calls to customers.
type Callbacks interface {
	// CallBack rings a person's phone, then the customer. A NotPlaced says why nothing rings.
	CallBack(ctx context.Context, b CallBack) (Placed, error)
	// Reach says how a customer can be called now: app, number or none.
	Reach(ctx context.Context, customer, number string) string
}

// CallBack is a call to a customer that somebody wants to make.
type CallBack struct {
	Person                 string // who speaks with her
	Customer, Name, Number string // who she is; not all are known
	Returns                string // her call that this one answers, "" for none
}

// Placed is a call whose first phone rings.
type Placed struct {
	Call string `json:"call"`
	By   string `json:"by" enum:"app,number" doc:"how the customer is reached once the phone was picked up"`
}

// NotPlaced is why a call can't be placed now, and what to do about it.
type NotPlaced string

// Error implements error.
func (n NotPlaced) Error() string { return string(n) }

type callBackInput struct {
	Body struct {
		Call     string `json:"call,omitempty" doc:"a call of the customer's that is called back" maxLength:"64"`
		Customer string `json:"customer,omitempty" doc:"the customer, where no call is named" maxLength:"128"`
		Agent    string `json:"agent,omitempty" doc:"whose phone rings; who asks, when absent" maxLength:"64"`
	}
}

func routeCallbacks(a *API) {
	register(a, Op{Method: http.MethodPost, Path: "/callbacks", ID: "call-back", Tag: "calls", Allow: Allow(staff.Agent, staff.WriteCalls), Audit: true,
		Status: http.StatusCreated, Summary: "Call a customer: the agent's phone rings first, then the customer's app or number"}, a.callBack)
}

func (a *API) callBack(ctx context.Context, in *callBackInput) (*body[Placed], error) {
	b := CallBack{Person: cmp.Or(in.Body.Agent, staff.From(ctx).Person)}
	if b.Person == "" {
		return nil, refused(http.StatusUnprocessableEntity, "whose_phone").at("body.agent")
	}
	if err := a.sees(ctx, b.Person); err != nil {
		return nil, err
	}
	var err error
	switch {
	case in.Body.Call != "":
		err = a.callerOf(ctx, in.Body.Call, &b)
	case in.Body.Customer != "":
		err = a.known(ctx, in.Body.Customer, &b)
	default:
		err = refused(http.StatusUnprocessableEntity, "whom_to_call").at("body.customer")
	}
	if err != nil {
		return nil, err
	}
	tell(ctx, "agent "+b.Person+", customer "+cmp.Or(b.Customer, "unknown"))
	out, err := a.Callbacks.CallBack(ctx, b)
	var why NotPlaced
	if errors.As(err, &why) {
		return nil, refusedBy(http.StatusConflict, why)
	}
	return &body[Placed]{out}, err
}

// callerOf is the customer who placed a call that who asks may see.
func (a *API) callerOf(ctx context.Context, id string, b *CallBack) error {
	s, err := a.story(ctx, id)
	if err != nil {
		return err
	}
	if s.Call.Kind != store.Customer {
		return refused(http.StatusUnprocessableEntity, "not_a_customers").at("body.call")
	}
	b.Customer, b.Name, b.Number, b.Returns = s.Call.Customer, s.Call.CallerName, s.Call.CallerNumber, s.Call.ID
	if b.Customer == "" {
		return nil
	}
	var kept CallBack // what is kept of her is newer than what a call said
	if err := a.known(ctx, b.Customer, &kept); err == nil {
		b.Name, b.Number = cmp.Or(kept.Name, b.Name), cmp.Or(kept.Number, b.Number)
	}
	return nil
}

// known is a customer on record.
func (a *API) known(ctx context.Context, id string, b *CallBack) error {
	c, err := a.Customers.Customer(ctx, id)
	if err != nil {
		return err
	}
	b.Customer, b.Name, b.Number = c.ID, c.Name, c.Number
	return nil
}
