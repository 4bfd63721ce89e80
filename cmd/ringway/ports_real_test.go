//go:build real

package main

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"
)

// Tests that run together never share a port: each is handed out once, from a range where neither the kernel takes ports
// for sockets that ask for none (32768 and up) nor a default configuration media (16384 to 32767).
const (
	lowestPort  = 9000
	highestPort = 16383
)

var ports = struct {
	sync.Mutex // guards next
	next       int
}{next: lowestPort + os.Getpid()%8*800}

// portBlock hands out n ports in a row that are free for UDP, beginning with an even one.
func portBlock(t *testing.T, n int) int {
	t.Helper()
	ports.Lock()
	defer ports.Unlock()
	for range 1000 {
		ports.next += ports.next % 2
		if ports.next+n > highestPort {
			ports.next = lowestPort
		}
		first := ports.next
		if taken := firstTaken(first, n); taken >= 0 {
			ports.next = taken + 1
			continue
		}
		ports.next += n
		return first
	}
	t.Fatalf("nowhere are %d ports in a row free", n)
	return 0
}

// firstTaken is the first port of a block that somebody has, or -1.
func firstTaken(first, n int) int {
	for port := first; port < first+n; port++ {
		u, err := net.ListenUDP("udp4", &net.UDPAddr{Port: port})
		if err != nil {
			return port
		}
		if u.Close() != nil {
			return port
		}
	}
	return -1
}

// freePort hands out a port that is free for UDP and TCP.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := portBlock(t, 2)
		l, err := net.ListenTCP("tcp4", &net.TCPAddr{Port: port})
		if err == nil {
			err = errors.Join(err, l.Close())
		}
		if err == nil {
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}
