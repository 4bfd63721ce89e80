//go:build real

package main

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"
)

// Tests that run together never share a port: each is handed out once, from below the range from which the kernel takes
// ports for sockets that ask for none (32768 and up).
const (
	lowestPort  = 10000
	highestPort = 32700
)

var ports = struct {
	sync.Mutex // guards next
	next       int
}{next: lowestPort + os.Getpid()%8*1000}

// portBlock hands out n ports in a row, beginning with an even one.
func portBlock(n int) int {
	ports.Lock()
	defer ports.Unlock()
	ports.next += ports.next % 2
	if ports.next+n > highestPort {
		ports.next = lowestPort
	}
	first := ports.next
	ports.next += n
	return first
}

// freePort hands out a port that is free for UDP and TCP.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := portBlock(2)
		u, err := net.ListenUDP("udp", &net.UDPAddr{Port: port})
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", u.LocalAddr().String())
		if err := errors.Join(err, u.Close()); err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no free port")
	return 0
}
