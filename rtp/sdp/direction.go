package sdp

// Direction of a media stream, seen from the side that describes it (RFC 3264 §5.1).
type Direction uint8

// The four directions: bit 0 forbids sending, bit 1 forbids receiving, so that the zero value is both ways.
const (
	SendRecv Direction = 0
	RecvOnly Direction = 1
	SendOnly Direction = 2
	Inactive Direction = 3
)

var directionNames = [4]string{SendRecv: "sendrecv", RecvOnly: "recvonly", SendOnly: "sendonly", Inactive: "inactive"}

// String is the attribute's name.
func (d Direction) String() string { return directionNames[d&3] }

// Sends says that the describing side may send.
func (d Direction) Sends() bool { return d&1 == 0 }

// Receives says that the describing side wants to receive.
func (d Direction) Receives() bool { return d&2 == 0 }

// Mirror is the same stream seen from the other side: sendonly ⇄ recvonly.
func (d Direction) Mirror() Direction { return d>>1&1 | d<<1&2 }

// And keeps only what both allow, seen from one side.
func (d Direction) And(o Direction) Direction { return (d | o) & 3 }

// ParseDirection reads an attribute's name; false when it is none of the four.
func ParseDirection(s string) (Direction, bool) {
	for d, n := range directionNames {
		if n == s {
			return Direction(d), true
		}
	}
	return SendRecv, false
}
