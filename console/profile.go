package console

import (
	"time"

	"golang.org/x/text/language"
)

// checkProfile refuses languages, regions and time zones that do not exist, each at its field; empty ones are unknown.
func checkProfile(under, tag, region, zone string) error {
	var wrong []*flaw
	bad := func(field, code string) {
		wrong = append(wrong, wrongField(under+field, code))
	}
	if tag != "" {
		if _, err := language.Parse(tag); err != nil {
			bad("language", "language_tag")
		}
	}
	if region != "" {
		if r, err := language.ParseRegion(region); err != nil || !r.IsCountry() || len(region) != 2 {
			bad("region", "region_code")
		}
	}
	if zone != "" {
		if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
			bad("zone", "zone_name")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrongFields(wrong...)
}
