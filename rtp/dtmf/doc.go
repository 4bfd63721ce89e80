// Package dtmf is RFC 4733 telephone events without sockets: the payload, a receiver that turns packets into digits, a
// sender that lays a digit out in packets, and a mapper that carries events between clock rates.
package dtmf
