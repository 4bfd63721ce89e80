package console

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Forgotten counts where a customer was named.
type Forgotten struct {
	Calls    int `json:"calls" doc:"call records whose name, number and booking are blank now"`
	Sessions int `json:"sessions" doc:"app sessions whose name and booking are blank now"`
	Rows     int `json:"rows" doc:"rows of the customer store that are deleted"`
	Notes    int `json:"notes" doc:"notes of agents that are deleted"`

	Recordings int `json:"recordings" doc:"recordings whose sound is deleted"`
}

type forgetRequest struct {
	Customer string `json:"customer" doc:"the customer id of the signed claims" minLength:"1" maxLength:"256"`
}

func routeForget(api huma.API, s Switch) {
	op := huma.Operation{OperationID: "forget", Method: http.MethodPost, Path: "/v1/forget",
		Summary: "Blank name, number and booking of a customer in all records; no figure changes"}
	huma.Register(api, op, func(ctx context.Context, in *body[forgetRequest]) (*body[Forgotten], error) {
		f, err := s.Forget(ctx, in.Body.Customer)
		if err != nil {
			return nil, huma.Error503ServiceUnavailable(err.Error())
		}
		return &body[Forgotten]{f}, nil
	})
}

// Forget blanks name, number and booking of a customer.
func (c *Client) Forget(ctx context.Context, customer string) (out Forgotten, err error) {
	return out, c.call(ctx, http.MethodPost, "/v1/forget", forgetRequest{customer}, &out)
}
