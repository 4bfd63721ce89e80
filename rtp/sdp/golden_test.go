package sdp

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringway/codecs/builtin"
)

var update = flag.Bool("update", false, "rewrite the golden answers")

const folder = "../../testdata/sdp"

func local() netip.AddrPort { return netip.MustParseAddrPort("203.0.113.5:30000") }

// Each NAME.offer has a NAME.answer: our description, and below a rule what was agreed, or why not.
func TestGoldenAnswers(t *testing.T) {
	offers, err := filepath.Glob(filepath.Join(folder, "*.offer"))
	if err != nil || len(offers) == 0 {
		t.Fatalf("no offers in %s: %v", folder, err)
	}
	for _, file := range offers {
		name := strings.TrimSuffix(filepath.Base(file), ".offer")
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := answerText(t, body)
			golden := strings.TrimSuffix(file, ".offer") + ".answer"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func answerText(t *testing.T, body []byte) string {
	t.Helper()
	offer, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, a, err := Answer(offer, AnswerOptions{Local: local(), Codecs: builtin.All(), ID: 42})
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(string(answer.Marshal()), "\r\n", "\n"))
	b.WriteString("----\n")
	if err != nil {
		code, text := Warning(err)
		fmt.Fprintf(&b, "Warning: %d %q\n", code, text)
		return b.String()
	}
	fmt.Fprintf(&b, "line %d\nto %s, rtcp %s, mux %v\n", a.Media, a.Remote, a.RemoteRTCP, a.RTCPMux)
	fmt.Fprintf(&b, "%s/%d/%d send %d receive %d fmtp %q\n", a.Codec.Name, a.Codec.ClockRate, a.Codec.Channels, a.SendPT, a.RecvPT, a.Codec.Fmtp)
	fmt.Fprintf(&b, "dtmf %+v\nptime %s max %s\n%s held %v\n", a.DTMF, a.PTime, a.MaxPTime, a.Direction, a.Held)
	return b.String()
}

func TestFaultsNameTheirLine(t *testing.T) {
	for _, c := range []struct {
		name, body, why string
		line            int
	}{
		{"version", "v=1\n", "version", 1},
		{"no letter", "v=0\nhello\n", "type=value", 2},
		{"long type", "v=0\nab=1\n", "type=value", 2},
		{"overflowing id", "v=0\no=- 99999999999999999999 1 IN IP4 192.0.2.1\n", "session id", 2},
		{"negative version", "v=0\no=- 1 -1 IN IP4 192.0.2.1\n", "session version", 2},
		{"short origin", "v=0\no=- 1 1\n", "six fields", 2},
		{"port", "v=0\nc=IN IP4 192.0.2.1\nm=audio 70000 RTP/AVP 0\n", "port", 3},
		{"signed port", "v=0\nc=IN IP4 192.0.2.1\nm=audio +5000 RTP/AVP 0\n", "port", 3},
		{"no formats", "v=0\nm=audio 5000 RTP/AVP\n", "formats", 2},
		{"payload type", "v=0\nm=audio 5000 RTP/AVP 4294967296\n", "payload type", 2},
		{"payload type 128", "v=0\nm=audio 5000 RTP/AVP 128\n", "payload type", 2},
		{"rtpmap", "c=IN IP4 192.0.2.1\nm=audio 5000 RTP/AVP 96\na=rtpmap:96 opus\n", "name/clock", 3},
		{"clock", "c=IN IP4 192.0.2.1\nm=audio 5000 RTP/AVP 96\na=rtpmap:96 opus/0\n", "clock", 3},
		{"rtpmap of nothing", "c=IN IP4 192.0.2.1\nm=audio 5000 RTP/AVP 96\na=rtpmap:-1 opus/48000\n", "payload type", 3},
		{"ptime", "c=IN IP4 192.0.2.1\nm=audio 5000 RTP/AVP 0\na=ptime:999999999\n", "packet time", 3},
		{"rtcp", "c=IN IP4 192.0.2.1\nm=audio 5000 RTP/AVP 0\na=rtcp:99999\n", "rtcp", 3},
		{"no address", "v=0\ns=-\nm=audio 5000 RTP/AVP 0\n", "c=", 3},
		{"address", "v=0\nc=IN IP4 300.1.1.1\n", "neither", 2},
		{"network", "v=0\nc=ATM NSAP x\n", "IN IP4", 2},
		{"multicast", "v=0\nc=IN IP4 224.2.1.1/127\n", "multicast", 2},
		{"broadcast", "v=0\nc=IN IP4 255.255.255.255\n", "broadcast", 2},
		{"zero byte", "v=0\nm=audio 5000 RTP/AVP 0\na=fmtp:0 a\x00b\n", "control", 3},
		{"nine media", "v=0\n" + strings.Repeat("m=audio 0 RTP/AVP 0\n", 9), "more than 8", 10},
		{"65 formats", "m=audio 0 RTP/AVP" + strings.Repeat(" 0", 65) + "\n", "more than 64", 1},
		{"65 candidates", "m=audio 0 RTP/AVP 0\n" + strings.Repeat("a=candidate:1 1 UDP 1 192.0.2.1 1 typ host\n", 65), "more than 64", 66},
		{"64 KB", strings.Repeat("a=x\n", 20000), "too long", 0},
	} {
		_, err := Parse([]byte(c.body))
		var fault *LineError
		if !errors.As(err, &fault) {
			t.Errorf("%s: got %v, want a LineError", c.name, err)
			continue
		}
		if fault.Line != c.line || !strings.Contains(fault.Why, c.why) {
			t.Errorf("%s: got line %d %q, want line %d about %q", c.name, fault.Line, fault.Why, c.line, c.why)
		}
	}
}

func TestWarningIsSafeInsideQuotes(t *testing.T) {
	_, err := Parse([]byte("v=0\na\"b\\c\td\xff" + strings.Repeat("é", 200) + "\n"))
	code, text := Warning(err)
	if code != 399 || strings.ContainsAny(text, "\"\\\t") || len(text) > 200 || !strings.Contains(text, "line 2") {
		t.Errorf("%d %q", code, text)
	}
}
