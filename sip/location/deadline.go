package location

import "time"

// deadlines is a binary heap of records by their earliest deadline, one entry a record, so that refreshing a binding
// moves an entry instead of adding one: its size is the number of records at any rate of REGISTER.
type deadlines []*record

// set places r by its deadline, whether it is in the heap or not.
func (d *deadlines) set(r *record, at time.Duration) {
	r.deadline = at
	if r.slot < 0 {
		r.slot = len(*d)
		*d = append(*d, r)
	}
	d.up(r.slot)
	d.down(r.slot)
}

// drop takes r out.
func (d *deadlines) drop(r *record) {
	i, last := r.slot, len(*d)-1
	if i < 0 {
		return
	}
	d.swap(i, last)
	(*d)[last] = nil
	*d = (*d)[:last]
	r.slot = -1
	if i < last {
		d.up(i)
		d.down(i)
	}
}

func (d deadlines) swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].slot, d[j].slot = i, j
}

func (d deadlines) up(i int) {
	for i > 0 && d[i].deadline < d[(i-1)/2].deadline {
		d.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (d deadlines) down(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(d); c++ {
			if d[c].deadline < d[least].deadline {
				least = c
			}
		}
		if least == i {
			return
		}
		d.swap(i, least)
		i = least
	}
}
