package lookup

import (
	"container/list"
	"time"
)

// cache keeps answers by address, the least recently used given up first. It is guarded by its owner.
type cache struct {
	most   int // bytes
	bytes  int
	order  *list.List // of *answer, the last used first
	byAddr map[string]*list.Element
}

// answer is what one address said.
type answer struct {
	addr, customer string
	record         *Record
	until          time.Time
	size           int
}

func newCache(most int) *cache {
	return &cache{most: most, order: list.New(), byAddr: map[string]*list.Element{}}
}

func (c *cache) get(addr string, now time.Time) (*Record, bool) {
	e, ok := c.byAddr[addr]
	if !ok {
		return nil, false
	}
	a := e.Value.(*answer)
	if !a.until.After(now) {
		c.drop(e)
		return nil, false
	}
	c.order.MoveToFront(e)
	return a.record, true
}

func (c *cache) put(a *answer) {
	if e, ok := c.byAddr[a.addr]; ok {
		c.drop(e)
	}
	a.size = a.record.size() + 2*len(a.addr) + len(a.customer)
	c.bytes += a.size
	c.byAddr[a.addr] = c.order.PushFront(a)
	for c.bytes > c.most {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	a := c.order.Remove(e).(*answer)
	delete(c.byAddr, a.addr)
	c.bytes -= a.size
}

// forget drops what is known of a customer.
func (c *cache) forget(customer string) {
	for e := c.order.Front(); e != nil; {
		next := e.Next()
		if e.Value.(*answer).customer == customer {
			c.drop(e)
		}
		e = next
	}
}
