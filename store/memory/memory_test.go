package memory_test

import (
	"testing"
	"time"

	"ringway/store/memory"
	"ringway/store/storetest"
)

func TestMemoryPassesTheSuite(t *testing.T) {
	storetest.Run(t, func(_ *testing.T, now func() time.Time) storetest.Keeper { return memory.NewWithClock(now) })
}
