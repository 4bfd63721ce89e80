package lookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"ringway/console/outbound"
)

// statusError is an answer that is none.
type statusError int

// Error implements error.
func (e statusError) Error() string { return fmt.Sprintf("the system answered %d", int(e)) }

// ask sends one question. A system that does not know the customer has answered.
func ask(ctx context.Context, a *question) (*Record, error) {
	ctx, cancel := context.WithTimeout(ctx, a.settings.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.addr, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Ringway")
	for name, value := range a.settings.Headers {
		req.Header.Set(name, value)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	text, err := outbound.Body(resp, maxAnswer)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusNoContent:
		return &Record{}, nil
	case resp.StatusCode != http.StatusOK:
		return nil, statusError(resp.StatusCode)
	}
	return read(text)
}

// reason says why a question failed. It names no address: that holds the customer's id.
func reason(err error) string {
	var status statusError
	switch {
	case errors.As(err, &status):
		return status.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "the system did not answer in time"
	case errors.Is(err, outbound.ErrPrivate):
		return "the system's address is private: see crm.allow_private"
	case errors.Is(err, outbound.ErrTooLong), errors.Is(err, errAnswer):
		return err.Error()
	case errors.Is(err, context.Canceled):
		return "the switch stops"
	}
	return "the system can't be reached"
}
