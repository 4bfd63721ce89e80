package apps

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"ringway/dialplan"
	"ringway/store"
)

// What a Dial that failed as a whole means for its agent: a fault of ours costs her nothing.
func TestMissOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want store.OfferOutcome
	}{
		{dialplan.ErrEnded, store.CallerLeft},
		{fmt.Errorf("%w: priority call", errOfferCancelled), store.CallerLeft},
		{context.Canceled, store.CallerLeft},
		{fmt.Errorf("account \"ghost\": %w", dialplan.ErrMissing), store.OfferUnreachable},
		{errors.New("a fault of ours"), store.ReservationLapsed},
		{dialplan.ErrRefused, store.ReservationLapsed},
	} {
		if got := missOf(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
