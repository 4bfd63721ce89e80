package node

import (
	"cmp"
	"slices"
	"strings"

	"ringway/acd"
	"ringway/console"
	"ringway/console/staff"
)

// roster is people.yaml as the console sees it: always the configuration in force.
type roster struct{ n *Node }

// Person finds somebody by id.
func (r roster) Person(id string) (staff.Person, bool) {
	if p := r.n.config().Spec.Person(id); p != nil {
		return r.staffPerson(p), true
	}
	return staff.Person{}, false
}

// ByLogin finds somebody by login, or by id where no login is written.
func (r roster) ByLogin(login string) (staff.Person, bool) {
	for _, p := range r.n.config().Spec.People {
		if same := cmp.Or(p.Login, p.ID); strings.EqualFold(same, login) {
			return r.staffPerson(p), true
		}
	}
	return staff.Person{}, false
}

// People lists everybody, by id.
func (r roster) People() []staff.Person {
	var out []staff.Person
	for _, p := range r.n.config().Spec.People {
		out = append(out, r.staffPerson(p))
	}
	return out
}

// MayServe lists the queues that a person may serve.
func (r roster) MayServe(person string) []console.QueueName {
	spec := r.n.config().Spec
	p := spec.Person(person)
	var out []console.QueueName
	for _, q := range spec.Queues {
		if p != nil && q.Admits(p) {
			out = append(out, console.QueueName{Name: q.Name, Number: q.Number})
		}
	}
	return out
}

func (r roster) staffPerson(p *acd.Person) staff.Person {
	out := staff.Person{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Login: p.Login, Role: staff.Role(p.Role), Team: p.Team, TeamName: r.n.config().Spec.Teams[p.Team], Zone: p.Zone}
	if out.Role == staff.Manager {
		if p.Team != "" {
			out.Teams = append(out.Teams, p.Team)
		}
		for _, t := range p.Teams {
			if !slices.Contains(out.Teams, t) {
				out.Teams = append(out.Teams, t)
			}
		}
	}
	for tag := range p.Languages {
		out.Languages = append(out.Languages, tag)
	}
	slices.SortFunc(out.Languages, func(a, b string) int {
		return cmp.Or(p.Languages[b]-p.Languages[a], cmp.Compare(a, b))
	})
	return out
}
