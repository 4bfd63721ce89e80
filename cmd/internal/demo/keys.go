package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// What the reader may type, each with Enter.
//
//	(nothing)  the next customer calls
//	1 to 5     this one does
//	h          all customers hang up
const hangUpKey = "h"

// runKeys does what the reader types, until ctx or the input ends.
func (c *company) runKeys(ctx context.Context) {
	defer c.wg.Done()
	next := 0
	for {
		select {
		case <-ctx.Done():
			return
		case line, ok := <-c.o.Keys:
			if !ok {
				return
			}
			contain(c.o.Log, "keys", func() { next = c.key(ctx, strings.TrimSpace(line), next) })
		}
	}
}

// key does what one line asks for. next is who calls where it names nobody; the result is who does after that.
func (c *company) key(ctx context.Context, line string, next int) int {
	if line == hangUpKey {
		c.printf("Customers who hang up: %d\n", c.lobby.clear())
		return next
	}
	if line != "" {
		n, err := strconv.Atoi(line)
		if err != nil || n < 1 || n > len(customers) {
			c.printf("%s\n", keyHelp())
			return next
		}
		next = n - 1
	}
	who := customers[next%len(customers)]
	c.printf("%s calls (%s).\n", who.claims.Name, who.speaks())
	c.wg.Add(1)
	go c.runVisit(ctx, who)
	return next + 1
}

// runVisit is a call that somebody asked for.
func (c *company) runVisit(ctx context.Context, who customer) {
	defer c.wg.Done()
	contain(c.o.Log, who.subject, func() { c.call(ctx, who, longPatience) })
}

// keyHelp says what may be typed.
func keyHelp() string {
	var names []string
	for i, c := range customers {
		names = append(names, fmt.Sprintf("%d %s", i+1, c.claims.Name))
	}
	return fmt.Sprintf("Press Enter and a customer calls; a number and Enter: this one (%s); %s and Enter: they hang up.",
		strings.Join(names, ", "), hangUpKey)
}
