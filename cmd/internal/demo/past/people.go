package past

import (
	"fmt"
	"math/rand/v2"
	"time"

	"ringway/store"
)

// A land is where customers call from: how they speak, what their clock says, and how many of them there are.
type land struct {
	language, region, zone string
	share                  int
	family, given          []string
}

var lands = []land{
	{"zh-TW", "TW", "Asia/Taipei", 30, []string{"Lin", "Chen", "Huang", "Wu"}, []string{"Yi-Chen", "Mei-Ling", "Chih-Wei", "Shu-Fen"}},
	{"ja", "JP", "Asia/Tokyo", 28, []string{"Sato", "Suzuki", "Tanaka", "Ito"}, []string{"Yuki", "Haruto", "Sakura", "Ren"}},
	{"en", "GB", "Europe/London", 24, []string{"Hill", "Baker", "Walsh", "Moore"}, []string{"Grace", "Oscar", "Ivy", "Leo"}},
	{"zh-HK", "HK", "Asia/Hong_Kong", 8, []string{"Wong", "Cheung", "Lau"}, []string{"Ka-Yan", "Tsz-Ho", "Wing"}},
	{"fr", "FR", "Europe/Paris", 7, []string{"Petit", "Moreau", "Roux"}, []string{"Marie", "Louis", "Emma"}},
	{"de", "DE", "Europe/Berlin", 3, []string{"Vogel", "Braun"}, []string{"Lena", "Jonas"}},
}

// hours is how many calls come in each hour of a customer's day.
var hours = [24]int{1, 1, 0, 0, 0, 1, 2, 4, 7, 10, 11, 10, 8, 8, 9, 9, 8, 8, 7, 6, 5, 4, 3, 2}

// customers who may call; each calls from time to time.
const customers = 900

// customer is one of them.
type customer struct {
	store.Claims
	zone *time.Location
}

// population makes the customers.
func population(dice *rand.Rand) ([]customer, error) {
	var out []customer
	for i := range customers {
		l := lands[weighted(dice, len(lands), func(i int) int { return lands[i].share })]
		zone, err := time.LoadLocation(l.zone)
		if err != nil {
			return nil, err
		}
		c := customer{zone: zone, Claims: store.Claims{Customer: fmt.Sprintf("d-%04d", 2000+i), Language: l.language, Region: l.region, Zone: l.zone,
			Name: l.family[dice.IntN(len(l.family))] + " " + l.given[dice.IntN(len(l.given))]}}
		if dice.IntN(3) > 0 {
			c.Booking = fmt.Sprintf("B-%04d", dice.IntN(10000))
		}
		out = append(out, c)
	}
	return out, nil
}

// weighted throws a die whose sides are not equal.
func weighted(dice *rand.Rand, n int, weight func(int) int) int {
	sum := 0
	for i := range n {
		sum += weight(i)
	}
	throw := dice.IntN(sum)
	for i := range n {
		if throw -= weight(i); throw < 0 {
			return i
		}
	}
	return n - 1
}

// callTime is when a customer calls on the n-th day: by day, by the clock where she is, seldom at weekends.
func callTime(dice *rand.Rand, c customer, from time.Time, days int) time.Time {
	for {
		day := from.In(c.zone).AddDate(0, 0, dice.IntN(days+1))
		if w := day.Weekday(); (w == time.Saturday || w == time.Sunday) && dice.IntN(100) >= 45 {
			continue
		}
		y, m, d := day.Date()
		h := weighted(dice, len(hours), func(i int) int { return hours[i] })
		return time.Date(y, m, d, h, dice.IntN(60), dice.IntN(60), dice.IntN(1e6)*1000, c.zone).UTC()
	}
}
