package store

// DefaultReason is why an agent pauses who does not say why.
const DefaultReason = "pause"

// DeskLost is why an agent is not ready whose desk closed, where she became ready in one.
const DeskLost = "desk_lost"

// maxReason is the length of a reason in bytes.
const maxReason = 32

// IsReason tells whether s may stand as a reason on record: one short word of lower-case letters, digits, _ and -. Events
// carry opaque ids, never names or notes, so free text is refused where it is typed.
func IsReason(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return s != "" && len(s) <= maxReason
}
