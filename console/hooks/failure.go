package hooks

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"ringway/console/outbound"
)

// Failure is why a try failed, as it can be told in any language.
type Failure struct {
	Code   string // stays the same, whatever the words say; "" where nobody has put it into words yet
	Detail string // what the network said, or the status that the other side answered
}

// failures are the words of each code: a delivery keeps them, with what the network said in brackets.
var failures = []struct{ code, text string }{
	{"refused", "the connection was refused"},
	{"no_host", "there is no such host"},
	{"certificate", "its certificate is not accepted"},
	{"no_tls", "it does not speak TLS"},
	{"unreachable", "no network leads there"},
	{"cut", "the connection was cut"},
	{"timeout", "did not answer in time"},
	{"private", "the address is private: see allow_private"},
}

// statusError is an answer other than 2xx.
type statusError int

// Error implements error.
func (e statusError) Error() string {
	text := "answered " + strconv.Itoa(int(e))
	if e/100 == 3 {
		text += ": redirects are not followed"
	}
	return text
}

// reason is why a try failed, in words that hold nothing of what was sent.
func reason(err error) string {
	var status statusError
	if errors.As(err, &status) {
		return status.Error()
	}
	var u *url.Error
	if errors.As(err, &u) { // "Post URL: dial tcp ADDRESS: connection refused": the URL may hold a secret
		err = u.Err
	}
	text, code := err.Error(), codeOf(err)
	for _, f := range failures {
		switch {
		case f.code == code && (code == "timeout" || code == "private"):
			return f.text // there is no more to say
		case f.code == code:
			return f.text + " (" + shorter(text) + ")"
		}
	}
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return shorter(text)
}

func shorter(text string) string { return strings.ToValidUTF8(text[:min(len(text), 200)], "") }

// codeOf classifies what the network says.
func codeOf(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var network net.Error
	switch {
	case errors.Is(err, outbound.ErrPrivate):
		return "private"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "timeout"
	case errors.As(err, &dns):
		return "no_host"
	case errors.As(err, &certificate):
		return "certificate"
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "no_tls"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "unreachable"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	}
	return ""
}

// FailureOf takes the words of a delivery apart again.
func FailureOf(text string) Failure {
	if status, ok := strings.CutPrefix(text, "answered "); ok {
		if status, redirect := strings.CutSuffix(status, ": redirects are not followed"); redirect {
			return Failure{"redirect", status}
		}
		return Failure{"status", status}
	}
	for _, f := range failures {
		if rest, ok := strings.CutPrefix(text, f.text); ok {
			return Failure{f.code, strings.TrimSuffix(strings.TrimPrefix(rest, " ("), ")")}
		}
	}
	return Failure{Detail: text}
}
