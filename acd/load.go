package acd

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"ringway/config/diag"
)

// Codes of findings in queues.yaml and people.yaml.
const (
	CodeName      = "QU001" // a name or identifier that is not allowed
	CodeDuplicate = "QU002" // an identifier, number or account twice
	CodeUnknown   = "QU003" // a reference to nothing
	CodeSteps     = "QU004" // widening steps that make no sense
	CodeRank      = "QU005" // a rank that is not known
	CodeLanguage  = "QU006" // no BCP 47 tag
	CodeRegion    = "QU007" // neither an ISO 3166 code nor a group
	CodeZone      = "QU008" // no IANA time zone
	CodeLevel     = "QU009" // a level outside 1–5
	CodeShift     = "QU010" // days, hours or a date that cannot be read
	CodeNobody    = "QU011" // a queue that nobody may serve
	CodeChoice    = "QU012" // dispositions or pause reasons that cannot be chosen
)

// File is one configuration file: its name for findings, and its text.
type File struct {
	Name string
	Text []byte
}

// AccountRef is where people.yaml names an account, for the check against the accounts of ringway.yaml.
type AccountRef struct {
	Account, Person string
	Pos             diag.Pos
}

// LoadSpec compiles queues.yaml and people.yaml. All findings of both files go to l at once; with errors among them the
// Spec must not be applied.
func LoadSpec(queues, people File, l *diag.List) *Spec {
	s := &Spec{Version: version(queues.Text, people.Text), Teams: map[string]string{}, Groups: map[string][]string{}}
	if root, ok := diag.ParseYAML(people.Name, people.Text, l); ok {
		loadPeople(root, s)
	}
	s.index()
	if root, ok := diag.ParseYAML(queues.Name, queues.Text, l); ok {
		loadQueues(root, s, l)
	}
	s.index()
	s.roster = version(people.Text)
	s.admit()
	return s
}

// WithVersion is the same specification under the version of the whole configuration.
func (s *Spec) WithVersion(v string) *Spec {
	c := *s
	c.Version = v
	return &c
}

func version(texts ...[]byte) string {
	h := sha256.New()
	for _, t := range texts {
		sum := sha256.Sum256(t)
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// okName tells whether an identifier is plain: letters, digits, - and _, at most 64.
func okName(name string) bool {
	return name != "" && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// names remembers where each identifier of a kind was written first.
type names struct {
	kind  string
	where map[string]diag.Pos
}

func newNames(kind string) *names { return &names{kind: kind, where: map[string]diag.Pos{}} }

// claim reports an identifier that was taken before.
func (n *names) claim(name string, at diag.Pos, l *diag.List) bool {
	if first, taken := n.where[name]; taken {
		f := diag.Wrong(at, CodeDuplicate, "", "%s '%s' is used twice", diag.Words(n.kind), name)
		f.Related = []diag.Related{{Pos: first, Message: "first here"}}
		l.Add(f)
		return false
	}
	n.where[name] = at
	return true
}
