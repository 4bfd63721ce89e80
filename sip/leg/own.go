package leg

import (
	"slices"

	sipmsg "github.com/emiago/sipgo/sip"
)

// What a dialog keeps of a message points into the text of the message, and would hold all of it as long as the dialog
// lasts. So it is moved into one small string of its own:
//
//	INVITE sip:100@… Via … From: "Ann" <sip:ann@example.org>;tag=7 … v=0 …      dropped with the message
//	                              Ann       ann example.org      7              kept

// own is a copy of a URI with memory of its own.
func own(u *sipmsg.Uri) sipmsg.Uri {
	c := *u
	c.UriParams, c.Headers = slices.Clone(u.UriParams), slices.Clone(u.Headers)
	var m mover
	m.uri(&c)
	m.move()
	return c
}

// own gives a dialog that was just made from a request memory of its own. Later its headers stand in requests, too, and
// must not be touched.
func (d *dialog) own() {
	var m mover
	m.add(&d.callID)
	m.add(&d.local.DisplayName)
	m.uri(&d.local.Address)
	m.add(&d.remote.DisplayName)
	m.uri(&d.remote.Address)
	m.params(d.remote.Params)
	m.move()
}

// mover collects strings and moves them into one.
type mover struct {
	room [32]*string // more than most dialogs need
	all  []*string
	size int
}

func (m *mover) add(s *string) {
	if *s == "" {
		return
	}
	if m.all == nil {
		m.all = m.room[:0]
	}
	m.all = append(m.all, s)
	m.size += len(*s)
}

func (m *mover) uri(u *sipmsg.Uri) {
	m.add(&u.Scheme)
	m.add(&u.User)
	m.add(&u.Password)
	m.add(&u.Host)
	m.params(u.UriParams)
	m.params(u.Headers)
}

func (m *mover) params(list sipmsg.HeaderParams) {
	for i := range list {
		m.add(&list[i].K)
		m.add(&list[i].V)
	}
}

func (m *mover) move() {
	text := make([]byte, 0, m.size)
	for _, s := range m.all {
		text = append(text, *s...)
	}
	moved := string(text)
	for _, s := range m.all {
		n := len(*s)
		*s, moved = moved[:n], moved[n:]
	}
}
