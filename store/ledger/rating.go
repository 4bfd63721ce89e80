package ledger

// Ratings are what callers said of calls: Sum over Given of them.
type Ratings struct {
	Given int
	Sum   float64
}

func (r *Ratings) add(c Call) {
	if c.Rated {
		r.Given++
		r.Sum += c.Rating
	}
}

func (r Ratings) mean() (float64, bool) {
	if r.Given == 0 {
		return 0, false
	}
	return r.Sum / float64(r.Given), true
}

// ratings are the calls that were rated.
func (b *Books) ratings() map[string]Call {
	rated := map[string]Call{}
	for _, c := range b.Rows {
		if c.Rated {
			rated[c.ID] = c
		}
	}
	return rated
}
