package node

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// verdicts are what a running switch of the domain example.com says to the messages of testdata/torture (conformance §2), where they come
// from a carrier whose calls are let in: status, a header that must be there, and the messages.
var verdicts = []struct {
	status   int // 0: silence
	header   string
	messages string
}{
	{0, "", "badack bcast bigcode noreason scalarlg unreason"}, // silence: an ACK that is broken, and answers to nothing of ours
	{200, "", "v6mapped v6received v6receivedbare"},            // asked of the switch itself
	{400, "", "badaspec baddn badesc badinv01 barecr barelf clerr escruri insuf ltgtruri lwsruri lwsstart " +
		"mcl01 mismatch01 mismatch02 multi01 ncl nul quotbal regbadct scalar02 trws unksm2 v6bad v6open"},
	{401, "WWW-Authenticate: Digest", "badbranch cparam01 cparam02 dblreq escnull lwsdisp mpart01 novia " + // which has one by then
		"regaut01 regescrt semiuri spacecolon transports v6good v6port v6portinside zeromf"},
	{404, "", "esc01 inv2543"},
	{415, "Accept: application/sdp", "invut"},
	{416, "", "novelsc unkscm"},
	{420, "Unsupported: ", "bext01"},
	{481, "", "wsinv"},                         // its To has a tag of no dialog
	{486, "", "baddate longreq sdp01 v6mixed"}, // accepted, and user is busy
	{501, "Allow: INVITE", "esc02 intmeth"},
	{505, "", "badvers"},
}

// TestTortureReachesEveryRoom sends the messages that torture parsers through a whole switch. Each gets what it deserves of the room it
// reaches, the switch answers the next request at once, and afterwards nothing is left.
func TestTortureReachesEveryRoom(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{realm: "example.com", trunks: "carrier: {match: [127.0.11.0/24], context: phones}"})
	const torture = "../../../testdata/torture"
	files, err := filepath.Glob(filepath.Join(torture, "*.sip"))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, want := range verdicts {
		for name := range strings.FieldsSeq(want.messages) {
			raw, err := os.ReadFile(filepath.Join(torture, name+".sip"))
			if err != nil {
				t.Fatal(err)
			}
			tried++
			status, text := openVictim(t, a.server, tried).suffers(string(raw), want.status)
			if status != want.status || !strings.Contains("\r\n"+text, "\r\n"+want.header) {
				t.Errorf("%s gets %d, want %d with %q:\n%s", name, status, want.status, want.header, text)
			}
		}
	}
	if tried != len(files) {
		t.Errorf("%d messages were tried of %d", tried, len(files))
	}
	a.settled(10 * time.Second)
	if n := a.transport.Stats().Panics + uint64(a.calls.Stats().Panics); n > 0 {
		t.Errorf("%d panics", n)
	}
	if n := a.Status(t.Context()).Bindings; n > 0 {
		t.Errorf("%d phones are registered", n)
	}
}

// victim is the socket that a torture message comes from.
type victim struct {
	t    *testing.T
	conn *net.UDPConn
	via  string
}

func openVictim(t *testing.T, server string, n int) *victim {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.DialUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 11, byte(1+n))}, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &victim{t, c, fmt.Sprintf("Via: SIP/2.0/UDP %s;rport;branch=z9hG4bKvictim%d\r\n", c.LocalAddr(), n)}
}

// room makes a request so long that a stranger may be given a whole answer.
var room = "X-Room: " + strings.Repeat("x", 300) + "\r\n"

// suffers sends a message, under a Via of its own so that the answer finds back, and a sound OPTIONS behind it. It returns the final
// answer to the message, acknowledged where it was an INVITE; none is waited for where silence is expected.
func (v *victim) suffers(raw string, want int) (status int, text string) {
	v.t.Helper()
	line, rest, _ := strings.Cut(raw, "\r\n")
	v.send(line + "\r\n" + v.via + room + rest)
	v.send("OPTIONS sip:example.com SIP/2.0\r\n" + strings.Replace(v.via, "victim", "alive", 1) + "Max-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\n" +
		"To: <sip:example.com>\r\nCall-ID: alive\r\nCSeq: 1 OPTIONS\r\n" + room + "Content-Length: 0\r\n\r\n")
	alive, buf := false, make([]byte, 65536)
	for end := time.Now().Add(5 * time.Second); !alive || status < 200 && (want > 0 || time.Now().Before(end)); {
		_ = v.conn.SetReadDeadline(end)
		n, err := v.conn.Read(buf)
		switch answer := string(buf[:n]); {
		case err != nil && alive:
			return status, text
		case err != nil:
			v.t.Fatalf("after %q the switch does not answer OPTIONS", line)
		case strings.Contains(answer, "branch=z9hG4bKalive"):
			alive = true
			if want == 0 {
				end = time.Now().Add(50 * time.Millisecond)
			}
		default:
			text = answer
			status, _ = strconv.Atoi(answer[len("SIP/2.0 "):][:3])
		}
	}
	if strings.HasPrefix(line, "INVITE ") {
		v.ack(line, text)
	}
	return status, text
}

// ack acknowledges a final answer that is a failure.
func (v *victim) ack(line, answer string) {
	ack := strings.Replace(line, "INVITE", "ACK", 1) + "\r\n" + v.via
	for _, l := range strings.Split(answer, "\r\n") {
		name, value, _ := strings.Cut(l, ":")
		switch strings.ToLower(name) {
		case "from", "to", "call-id":
			ack += l + "\r\n"
		case "cseq":
			ack += "CSeq:" + strings.Replace(value, "INVITE", "ACK", 1) + "\r\n"
		}
	}
	v.send(ack + "Content-Length: 0\r\n\r\n")
}

func (v *victim) send(text string) {
	v.t.Helper()
	if _, err := v.conn.Write([]byte(text)); err != nil {
		v.t.Fatal(err)
	}
}
