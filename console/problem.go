package console

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// refusal is problem+json (RFC 9457) with a code: the same for the same mistake in every version, whatever the English says.
//
//	{"status": 409, "title": "Conflict", "detail": "join a queue first", "code": "not_joined"}
//	{"status": 422, "detail": "validation failed", "code": "validation",
//	 "errors": [{"location": "body.id", "message": "expected length <= 64", "code": "max_length", "params": {"n": "64"}}]}
type refusal struct {
	huma.ErrorModel
	sentence
	Errors []*flaw `json:"errors,omitempty"` // in place of the model's
}

// flaw is what is wrong with one field.
type flaw struct {
	huma.ErrorDetail
	sentence
}

// sentence is a code with its parameters.
type sentence struct {
	Code   string            `json:"code,omitempty"`
	Params map[string]string `json:"params,omitempty"`
}

func (s *sentence) put(name, value string) {
	if s.Params == nil {
		s.Params = map[string]string{}
	}
	s.Params[name] = value
}

// say fills a sentence; with are the names of its parameters, each before its value.
func say(code string, with ...string) (s sentence, english string) {
	s.Code, english = code, sentences[code]
	for i := 0; i+1 < len(with); i += 2 {
		s.put(with[i], with[i+1])
		english = strings.ReplaceAll(english, "{"+with[i]+"}", with[i+1])
	}
	return s, english
}

func problemOf(status int, detail string, s sentence) *refusal {
	return &refusal{ErrorModel: huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}, sentence: s}
}

// refused is a problem in one of our sentences.
func refused(status int, code string, with ...string) *refusal {
	s, english := say(code, with...)
	return problemOf(status, english, s)
}

// refusedBy is a problem that an error of somebody else's tells.
func refusedBy(status int, err error) *refusal { return problemOf(status, err.Error(), codeOf(err)) }

// at says which field is at fault.
func (r *refusal) at(location string) *refusal {
	return r.because(&flaw{huma.ErrorDetail{Message: r.Detail, Location: location}, r.sentence})
}

// because adds what is wrong with a field.
func (r *refusal) because(f *flaw) *refusal {
	r.Errors = append(r.Errors, f)
	return r
}

// wrongField is what is wrong with a field, in one of our sentences.
func wrongField(location, code string, with ...string) *flaw {
	s, english := say(code, with...)
	return &flaw{huma.ErrorDetail{Message: english, Location: location}, s}
}

// wrongFields refuses a request because of its fields.
func wrongFields(all ...*flaw) *refusal {
	r := refused(http.StatusUnprocessableEntity, "validation")
	r.Errors = all
	return r
}

// badField refuses a request because of one field.
func badField(location, code string, with ...string) error {
	return wrongFields(wrongField(location, code, with...))
}

// flawOf is what somebody else says of a field.
func flawOf(d *huma.ErrorDetail) *flaw { return &flaw{*d, codeOfText(d.Message)} }

// coded gives the problems of huma's own checks their codes.
func coded(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	r := problemOf(m.Status, m.Detail, codeOfText(m.Detail))
	if m.Detail == sentences["validation"] {
		r.Code = "validation"
	}
	for _, d := range m.Errors {
		f := flawOf(d)
		f.Value = nil // who sent it knows it: it may be all of the body, with a password in it, and answers to keyed requests are kept
		r.Errors = append(r.Errors, f)
	}
	return r, nil
}

// describeProblems says in the description what coded and refused add.
func describeProblems(api huma.API) {
	text := &huma.Schema{Type: huma.TypeString}
	for _, name := range []string{"ErrorModel", "ErrorDetail"} {
		if s := api.OpenAPI().Components.Schemas.Map()[name]; s != nil {
			s.Properties["code"] = &huma.Schema{Type: huma.TypeString, Description: "which mistake it is: it stays the same, whatever the words say"}
			s.Properties["params"] = &huma.Schema{Type: huma.TypeObject, Description: "what the sentence tells beside its code", AdditionalProperties: text}
		}
	}
}

// problemTo answers outside of huma's operations as they do.
func problemTo(w http.ResponseWriter, r *refusal) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(r.Status)
	json.NewEncoder(w).Encode(r) //nolint:errcheck // whoever asked is gone
}
