package transport

import (
	"runtime"
	"time"
)

// withDefaults fills zero fields.
func (l Limits) withDefaults() Limits {
	return Limits{
		Datagram:       min(orInt(l.Datagram, 16<<10), 64<<10),
		Stream:         orInt(l.Stream, 64<<10),
		Headers:        orInt(l.Headers, 256),
		Line:           orInt(l.Line, 8<<10),
		Shards:         orInt(l.Shards, runtime.GOMAXPROCS(0)),
		Mailbox:        orInt(l.Mailbox, 2048),
		MaxDelay:       orDuration(l.MaxDelay, time.Second),
		Connections:    orInt(l.Connections, 20_000),
		PerSource:      orInt(l.PerSource, 1000),
		FirstMessage:   orDuration(l.FirstMessage, 10*time.Second),
		WholeMessage:   orDuration(l.WholeMessage, 10*time.Second),
		Idle:           orDuration(l.Idle, 15*time.Minute),
		Write:          orDuration(l.Write, 5*time.Second),
		WriteQueue:     orInt(l.WriteQueue, 256<<10),
		ReceiveBuffer:  orInt(l.ReceiveBuffer, 8<<20),
		LogPerSource:   orDuration(l.LogPerSource, time.Minute),
		TrackedSources: orInt(l.TrackedSources, 16_384),
	}
}

func orInt(v, def int) int {
	if v <= 0 {
		return def
	}
	return v
}

func orDuration(v, def time.Duration) time.Duration {
	if v <= 0 {
		return def
	}
	return v
}
