package store

import "time"

// PlanVersion is a configuration that came in force. The same files may come in force several times.
type PlanVersion struct {
	Number  int64  // rises; 1 is the first start's
	Version string // hash over its files: what calls and decisions name
	At      time.Time
	By      string // a person, or key:ID; empty where it was found on the disk
	Origin  PlanOrigin
	Comment string
	Files   map[string]string // path → text
}

// PlanOrigin is how a configuration came in force.
type PlanOrigin string

// Origins.
const (
	PlanStart    PlanOrigin = "start"    // found on the disk at a start
	PlanDisk     PlanOrigin = "disk"     // edited by hand and reloaded
	PlanAPI      PlanOrigin = "api"      // applied by the console
	PlanRollback PlanOrigin = "rollback" // an old one that was taken back by the console
)

// PlanVersionsKept is how many are kept: the oldest go first.
const PlanVersionsKept = 1000
