package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"ringway/console/staff"
)

type captureInput struct{ Body CaptureRequest }

type captureID struct {
	ID string `path:"id" maxLength:"32"`
}

type pcapOutput struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func routeTraces(a *API) {
	admin := Allow(staff.Admin)
	register(a, Op{Method: http.MethodGet, Path: "/calls/{id}/ladder", ID: "call-ladder", Summary: "SIP messages of one recent call", Tag: "traces", Allow: admin, Audit: true},
		func(ctx context.Context, in *callInput) (*body[Ladder], error) {
			l, err := a.Traces.Ladder(ctx, in.ID)
			return &body[Ladder]{l}, err
		})
	register(a, Op{Method: http.MethodGet, Path: "/captures", ID: "captures", Summary: "Captures, oldest first", Tag: "traces", Allow: admin},
		func(ctx context.Context, in *Paged) (*body[Page[CaptureView]], error) {
			return pageOf(a.Traces.Captures(ctx), *in, func(c CaptureView) place { return placeOf(c.Started, c.ID) })
		})
	register(a, Op{Method: http.MethodPost, Path: "/captures", ID: "start-capture", Summary: "Capture SIP messages for a while", Tag: "traces", Allow: admin,
		Audit: true, Status: http.StatusCreated}, a.startCapture)
	register(a, Op{Method: http.MethodPost, Path: "/captures/{id}/stop", ID: "stop-capture", Summary: "End a capture; what it took stays", Tag: "traces",
		Allow: admin, Audit: true}, func(ctx context.Context, in *captureID) (*body[CaptureView], error) {
		c, err := a.Traces.StopCapture(ctx, in.ID)
		return &body[CaptureView]{c}, err
	})
	register(a, Op{Method: http.MethodDelete, Path: "/captures/{id}", ID: "delete-capture", Summary: "End a capture and forget it", Tag: "traces",
		Allow: admin, Audit: true, Status: http.StatusNoContent}, func(ctx context.Context, in *captureID) (*struct{}, error) {
		return nil, a.Traces.DeleteCapture(ctx, in.ID)
	})
	register(a, Op{Method: http.MethodGet, Path: "/captures/{id}/pcap", ID: "capture-pcap", Summary: "A capture as a pcap file", Tag: "traces", Media: "application/vnd.tcpdump.pcap",
		Allow: admin, Audit: true}, func(ctx context.Context, in *captureID) (*pcapOutput, error) {
		var b bytes.Buffer
		if err := a.Traces.WriteCapture(ctx, in.ID, &b); err != nil {
			return nil, err
		}
		return &pcapOutput{"application/vnd.tcpdump.pcap", fmt.Sprintf("attachment; filename=\"ringway-%s.pcap\"", in.ID), b.Bytes()}, nil
	})
}

func (a *API) startCapture(ctx context.Context, in *captureInput) (*body[CaptureView], error) {
	c, err := a.Traces.StartCapture(ctx, in.Body, staff.From(ctx).Who())
	switch {
	case errors.Is(err, ErrFilter):
		return nil, in.Body.Filter.refused()
	case errors.Is(err, ErrCapture):
		return nil, refusedBy(http.StatusConflict, err)
	}
	tell(ctx, fmt.Sprintf("capture %s of %s %s for %d s", c.ID, in.Body.Filter.Kind, in.Body.Filter.Value, in.Body.Seconds))
	return &body[CaptureView]{c}, err
}

// refused says what a filter's value should have been.
func (f CaptureFilter) refused() error {
	switch f.Kind {
	case "call":
		return badField("body.filter.value", "no_capture_call", "value", f.Value)
	case "address":
		return badField("body.filter.value", "no_capture_address", "value", f.Value)
	}
	return badField("body.filter.value", "no_capture_account", "value", f.Value)
}
