// Package transport carries SIP messages over UDP and TCP: bounded, validated, in order within a call.
package transport
