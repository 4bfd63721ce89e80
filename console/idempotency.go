package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"sync"

	"ringway/console/staff"
	"ringway/store"
)

// Bounds of a request that may come again.
const (
	maxKey  = 200
	maxKept = 256 << 10 // bytes of an answer
)

// underWay are the keyed requests that are being answered. A claim on record that is not among them is of nobody who still
// answers: the switch was stopped meanwhile, or the end could not be written.
type underWay struct {
	mu  sync.Mutex // guards what follows; a leaf
	has map[whoseKey]string
}

type whoseKey struct{ who, key string }

// begin takes a key; where it is taken, it tells by which request.
func (u *underWay) begin(i store.Idempotent) (other string, free bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if other, taken := u.has[whoseKey{i.Who, i.Key}]; taken {
		return other, false
	}
	if u.has == nil {
		u.has = map[whoseKey]string{}
	}
	u.has[whoseKey{i.Who, i.Key}] = i.Request
	return "", true
}

func (u *underWay) end(i store.Idempotent) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.has, whoseKey{i.Who, i.Key})
}

// again tells whether an operation that may have been done can be done once more: by its method (RFC 9110 §9.2.2), or since it
// changes nothing.
func (op Op) again(method string) bool {
	return op.Asks || method == http.MethodPut || method == http.MethodDelete
}

// once answers a request that carries an Idempotency-Key one time; who sends it again within a day gets the same answer, and
// nothing is done twice. The key belongs to whoever sends it: two callers may use the same.
func (a *API) once(op Op, key string, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, wrong := readWhole(r)
		switch {
		case wrong != nil:
			problemTo(w, wrong)
			return
		case len(key) > maxKey:
			problemTo(w, refused(http.StatusUnprocessableEntity, "key_long"))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		sum := sha256.New()
		io.WriteString(sum, r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("If-Match")+"\n") //nolint:errcheck // a hash takes all
		sum.Write(body)
		mine := store.Idempotent{Who: staff.From(r.Context()).Who(), Key: key, Request: hex.EncodeToString(sum.Sum(nil)), At: a.now()}
		if other, free := a.underWay.begin(mine); !free {
			if other == mine.Request {
				problemTo(w, refused(http.StatusConflict, "under_way"))
			} else {
				problemTo(w, refused(http.StatusUnprocessableEntity, "key_used"))
			}
			return
		}
		defer a.underWay.end(mine)
		before, claimed, err := a.Journal.ClaimIdempotent(r.Context(), mine)
		switch {
		case err != nil:
			a.log.Error("a request that may come again is refused", "err", err)
			problemTo(w, refused(http.StatusServiceUnavailable, "unsure"))
		case claimed:
			a.keep(op, mine, w, r, answer)
		case before.Request != mine.Request:
			problemTo(w, refused(http.StatusUnprocessableEntity, "key_used"))
		case before.Status == 0 && op.again(r.Method): // nobody answers it any more, and done twice it comes to the same
			a.keep(op, mine, w, r, answer)
		case before.Status == 0:
			problemTo(w, refused(http.StatusConflict, "answer_lost"))
		case op.Once:
			problemTo(w, refused(http.StatusConflict, "told_once"))
		default:
			tell(r.Context(), "told again, not done again")
			replay(w, before)
		}
	}
}

// replay tells a kept answer again.
func replay(w http.ResponseWriter, i store.Idempotent) {
	h := w.Header()
	h.Set("Idempotency-Replayed", "true")
	if i.Type != "" {
		h.Set("Content-Type", i.Type)
	}
	if i.Tag != "" {
		h.Set("ETag", i.Tag)
	}
	w.WriteHeader(i.Status)
	w.Write(i.Answer) //nolint:errcheck // whoever asked is gone
}

// keep answers, and keeps the answer. A fault of ours is not kept, so that the request can be tried again.
func (a *API) keep(op Op, mine store.Idempotent, w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	rec := &recorder{status: status{ResponseWriter: w}}
	done := false
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), journalTime)
		defer cancel()
		mine.Status, mine.Type, mine.Tag = rec.code, w.Header().Get("Content-Type"), w.Header().Get("ETag")
		if !op.Once {
			mine.Answer = rec.text.Bytes()
		}
		var err error
		if !done || rec.code >= 500 || rec.code == 0 || rec.cut {
			err = a.Journal.DropIdempotent(ctx, mine.Who, mine.Key)
		} else {
			err = a.Journal.PutIdempotent(ctx, mine)
		}
		if err != nil {
			a.log.Error("an answer is not kept", "err", err)
		}
	}()
	answer(rec, r)
	done = true
}

// recorder copies what is answered.
type recorder struct {
	status
	text bytes.Buffer
	cut  bool // it was too long to keep
}

// Write implements http.ResponseWriter.
func (c *recorder) Write(b []byte) (int, error) {
	if c.text.Len()+len(b) > maxKept {
		c.cut = true
	} else {
		c.text.Write(b)
	}
	return c.status.Write(b)
}
