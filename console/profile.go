package console

import (
	"time"

	"golang.org/x/text/language"
)

// IsLanguage tells whether a caller may speak a language: a BCP 47 tag.
func IsLanguage(tag string) bool {
	_, err := language.Parse(tag)
	return err == nil
}

// IsRegion tells whether a caller may be from a region: two letters of ISO 3166.
func IsRegion(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && len(code) == 2
}

// checkProfile refuses languages, regions and time zones that do not exist, each at its field; empty ones are unknown.
func checkProfile(under, tag, region, zone string) error {
	var wrong []*flaw
	bad := func(field, code string) {
		wrong = append(wrong, wrongField(under+field, code))
	}
	if tag != "" && !IsLanguage(tag) {
		bad("language", "language_tag")
	}
	if region != "" && !IsRegion(region) {
		bad("region", "region_code")
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
