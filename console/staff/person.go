package staff

// Person is one entry of people.yaml, as far as log-in and limits by team need it.
type Person struct {
	ID, Name  string
	Login     string // e-mail address, or the subject that the company's identity provider names
	Role      Role
	Team      string
	TeamName  string   // how people call it
	Teams     []string // that a manager manages, the own one included
	Zone      string
	Languages []string // BCP 47, the best first
}

// People is the roster.
type People interface {
	// Person finds somebody by id.
	Person(id string) (Person, bool)
	// ByLogin finds somebody by login, or by id where no login is written.
	ByLogin(login string) (Person, bool)
	// People lists everybody, by id.
	People() []Person
}
