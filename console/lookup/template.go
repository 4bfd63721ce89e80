package lookup

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"ringway/config/diag"
	"ringway/console/outbound"
)

// Query is what is known of a caller whose customer is looked up.
type Query struct {
	Call                            string
	Customer, Booking               string // from signed claims
	Language, Region, Zone, Dialled string
}

// names are what may stand in braces in the template.
var names = []string{"customer", "booking", "language", "region", "zone", "dialled", "call"}

func (q *Query) value(name string) string {
	switch name {
	case "customer":
		return q.Customer
	case "booking":
		return q.Booking
	case "language":
		return q.Language
	case "region":
		return q.Region
	case "zone":
		return q.Zone
	case "dialled":
		return q.Dialled
	case "call":
		return q.Call
	}
	return ""
}

// Template is the address that is asked, with places for what is known of the caller.
type Template struct {
	parts []part
}

// part is text, or a name whose value is put in.
type part struct {
	text, name string
	query      bool // stands behind the question mark
}

// ErrTemplate means that an address can't be used as one.
var ErrTemplate = errors.New("no address for look-ups")

// Parse reads a template such as https://crm.example.org/customers/{customer}?booking={booking}.
func Parse(text string, allowPrivate bool) (*Template, error) {
	t, query, filled := &Template{}, false, strings.Builder{}
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		query = query || strings.Contains(before, "?")
		t.parts = append(t.parts, part{text: before})
		filled.WriteString(before)
		if !found {
			break
		}
		name, behind, closed := strings.Cut(after, "}")
		if !closed {
			return nil, fmt.Errorf("%w: a { is not closed", ErrTemplate)
		}
		if !slices.Contains(names, name) {
			hint := diag.Suggest(name, names)
			if hint == "" {
				hint = "known: {" + strings.Join(names, "}, {") + "}"
			}
			return nil, fmt.Errorf("%w: there is no {%s}; %s", ErrTemplate, name, hint)
		}
		if u, err := url.Parse(filled.String()); err != nil || u.Host == "" || u.Path == "" && !query {
			return nil, fmt.Errorf("%w: {%s} stands before the path; a caller must not choose whom the switch asks", ErrTemplate, name)
		}
		t.parts = append(t.parts, part{name: name, query: query})
		filled.WriteString("x")
		rest = behind
	}
	if _, err := outbound.CheckURL(filled.String(), allowPrivate); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTemplate, err)
	}
	return t, nil
}

// URL puts values in, escaped for where they stand; false where a value can't stand there.
func (t *Template) URL(q *Query) (string, bool) {
	var b strings.Builder
	for _, p := range t.parts {
		v := q.value(p.name)
		switch {
		case p.name == "":
			b.WriteString(p.text)
		case p.query:
			b.WriteString(url.QueryEscape(v))
		case v == "" || strings.Trim(v, ".") == "": // "..": a server would take it for the folder above
			return "", false
		default:
			b.WriteString(url.PathEscape(v))
		}
	}
	return b.String(), true
}
