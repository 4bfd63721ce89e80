package house

// floors gives each package its floor: a package imports only packages of lower floors. A package that is missing here
// fails the build, so that its place is thought about once, by a person.
var floors = map[string]int{
	"config/diag": -1, // the cellar: config/expr, itself on the ground, points at positions too

	"config/expr":      0,
	"console/outbound": 0,
	"console/fault":    0,
	"config/defaults":  0,
	"store":            0,
	"codecs":           0,
	"console/web":      0,
	"rtp/jitter":       0,
	"rtp/dtmf":         0,
	"rtp/wav":          0,
	"sip/transport":    0,
	"sip":              0,

	"codecs/g711":     1,
	"codecs/g722":     1,
	"codecs/opus":     1,
	"codecs/l16":      1,
	"rtp/sdp":         1,
	"rtp/stats":       1,
	"dialplan":        1,
	"acd":             1,
	"store/ledger":    1,
	"store/writer":    1,
	"store/vault":     1,
	"console/stream":  1,
	"console/lookup":  1,
	"sip/transaction": 1,
	"sip/location":    1,
	"sip/trace":       1,
	"console/staff":   1,

	"codecs/builtin":     2,
	"rtp":                2,
	"dialplan/apps":      2,
	"store/sqlite":       2,
	"store/memory":       2,
	"store/report":       2,
	"store/report/words": 1,
	"console/desk":       2,
	"console/board":      2,
	"console/post":       3,
	"console/hooks":      2,
	"sip/auth":           2,
	"sip/registrar":      2,
	"sip/trunk":          2,
	"sip/proxy":          2,
	"sip/leg":            2,

	"config":    3,
	"sip/call":  3,
	"sip/phone": 3,

	"config/revise": 4,
	"config/schema": 4,
	"sip/edge":      4,

	"dialplan/sim": 4,

	"console": 5,

	"cmd/internal/node": 6,

	"cmd/internal/demo/past": 6, // a history that never was
	"cmd/internal/demo":      7, // starts a node of its own

	"cmd/ringway":        8,
	"cmd/internal/house": 8,
}

// testOnly are packages that only _test.go files and other test-only packages import.
var testOnly = map[string]bool{
	"codecs/codectest":         true,
	"store/storetest":          true,
	"store/storetest/sqlcheck": true,
	"store/storetest/monitor":  true,
	"sip/siptest":              true,
}

// bans are imports that a package and all below it must not have, besides what the floors forbid.
var bans = []struct {
	under  string   // the package or folder the ban is for
	never  []string // packages of ours, or import path prefixes of libraries
	reason string
}{
	{"dialplan", []string{"ringway/sip", "ringway/rtp"}, "a dialplan says what to do, never how it sounds on a wire"},
	{"acd", []string{"ringway/sip", "ringway/rtp", "ringway/dialplan"}, "acd decides and never dials"},
	{"rtp", []string{"ringway/sip"}, "media knows no signalling"},
	{"sip/siptest", []string{"ringway/"}, "scripted phones must not share our bugs"},
}

// libraries may be imported only below the folders listed.
var libraries = []struct {
	prefix string
	only   []string
}{
	{"github.com/emiago/sipgo", []string{"sip"}},
	{"github.com/pion/rtp", []string{"rtp", "codecs", "sip/siptest"}},
	{"github.com/pion/srtp", []string{"rtp"}},
	{"github.com/pion/dtls", []string{"rtp"}},
	{"github.com/pion/stun", []string{"rtp", "sip/transport"}},
	{"github.com/hraban/opus", []string{"codecs/opus"}},
	{"github.com/mattn/go-sqlite3", []string{"store/sqlite"}},
	{"github.com/xuri/excelize", []string{"store/report"}},
	{"github.com/wneessen/go-mail", []string{"console/post"}},
	{"C", []string{"codecs/opus", "store/sqlite"}},
}

// aliases are the names under which libraries that share our names are always imported.
var aliases = map[string]string{
	"github.com/emiago/sipgo/sip": "sipmsg",
	"github.com/pion/rtp":         "prtp",
}
