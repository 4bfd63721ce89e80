package console

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"
)

// checkProfile refuses languages, regions and time zones that do not exist, each at its field; empty ones are unknown.
func checkProfile(under, tag, region, zone string) error {
	var wrong []error
	bad := func(field, message string) {
		wrong = append(wrong, &huma.ErrorDetail{Location: under + field, Message: message})
	}
	if tag != "" {
		if _, err := language.Parse(tag); err != nil {
			bad("language", "write a BCP 47 tag, as in zh-TW")
		}
	}
	if region != "" {
		if r, err := language.ParseRegion(region); err != nil || !r.IsCountry() || len(region) != 2 {
			bad("region", "write two letters of ISO 3166, as in TW")
		}
	}
	if zone != "" {
		if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
			bad("zone", "write a name of the IANA database, as in Asia/Taipei")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return huma.Error422UnprocessableEntity("validation failed", wrong...)
}
