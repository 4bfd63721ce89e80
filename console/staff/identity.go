package staff

import (
	"context"
	"slices"
)

// Role is what a person is in the company; each may do what the one before may.
type Role string

// Roles, the least first.
const (
	Agent   Role = "agent"
	Manager Role = "manager"
	Admin   Role = "admin"
)

// Roles lists all roles, the least first.
var Roles = []Role{Agent, Manager, Admin}

// AtLeast tells whether a role includes another. What is no role includes nothing.
func (r Role) AtLeast(least Role) bool {
	mine, wanted := slices.Index(Roles, r), slices.Index(Roles, least)
	return mine >= 0 && wanted >= 0 && mine >= wanted
}

// Identity is who asks: a person who logged in, or a machine with a key. The zero value is nobody.
type Identity struct {
	Person string   // id in people.yaml; empty for a machine
	Name   string   // shown to others
	Role   Role     // of a person
	Team   string   // the person's own
	Teams  []string // teams that a manager manages, the own one included
	Key    string   // id of the machine's key
	Scopes []Scope  // of the key

	Session string // identifier of the log-in, to end it; not its token
	CSRF    string // what unsafe requests of this session have to carry
}

// Known tells whether it is somebody.
func (i Identity) Known() bool { return i.Person != "" || i.Key != "" }

// Machine tells whether it is a key.
func (i Identity) Machine() bool { return i.Key != "" }

// Has tells whether a key has a scope.
func (i Identity) Has(s Scope) bool { return s != "" && slices.Contains(i.Scopes, s) }

// Who names it on record: the person's id, or the key's with a mark that no person's has.
func (i Identity) Who() string {
	if i.Machine() {
		return "key:" + i.Key
	}
	return i.Person
}

// SeesAll tells whether no limit by team holds: administrators and machines.
func (i Identity) SeesAll() bool { return i.Machine() || i.Role == Admin }

// SeesTeam tells whether the people of a team may be seen and directed: by its managers, and by those who see all.
func (i Identity) SeesTeam(team string) bool {
	return i.SeesAll() || i.Role == Manager && slices.Contains(i.Teams, team)
}

// Sees tells whether a person of a team may be seen and directed: everybody sees herself.
func (i Identity) Sees(person, team string) bool {
	return i.Person != "" && i.Person == person || i.SeesTeam(team)
}

// Directs tells whether how a person logs in may be changed: by administrators, and by managers of her team whose role is above
// hers.
func (i Identity) Directs(p Person) bool {
	return i.Role == Admin || i.Role == Manager && i.SeesTeam(p.Team) && !p.Role.AtLeast(i.Role)
}

// key of the identity in a context.
type contextKey struct{}

// With is a context in which From finds the identity.
func With(ctx context.Context, i Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, i)
}

// From is who asks; nobody where no identity was put in.
func From(ctx context.Context) Identity {
	i, _ := ctx.Value(contextKey{}).(Identity)
	return i
}
