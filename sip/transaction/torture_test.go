package transaction_test

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// welcoming answers every request with 200.
type welcoming struct{}

func (welcoming) Request(s *transaction.Server) {
	_ = s.Respond(transport.NewResponse(s.Request(), 200, "OK"))
}
func (welcoming) Ack(*sipmsg.Request, transport.Flow)       {}
func (welcoming) Response(*sipmsg.Response, transport.Flow) {}

// TestTortureThroughTheTable sends every torture message through transport and table: OPTIONS is answered afterwards, and nothing leaves
// for a message that must be dropped.
func TestTortureThroughTheTable(t *testing.T) {
	silent := []string{"scalarlg", "bigcode", "bcast", "unreason", "noreason", "badack", "novia"}
	files, err := filepath.Glob("../../testdata/torture/*.sip")
	if err != nil || len(files) == 0 {
		t.Fatal("no torture messages", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".sip")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			left := torture(t, raw)
			switch {
			case slices.Contains(silent, name) && len(left) > 0:
				t.Errorf("left: %q", left)
			case !slices.Contains(silent, name) && len(left) == 0:
				t.Error("no answer")
			}
		})
	}
}

// torture returns what the switch sent before it answered OPTIONS.
func torture(t *testing.T, raw []byte) []string {
	t.Helper()
	var mu sync.Mutex
	var left []string
	layer, err := transport.Open(transport.Options{
		Listen: []transport.Listener{{Proto: transport.UDP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}},
		Limits: transport.Limits{Shards: 1},
		Tap: func(tr transport.Trace) {
			if !tr.Incoming {
				mu.Lock()
				left = append(left, tr.Text)
				mu.Unlock()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	table := transaction.New(transaction.Options{Send: layer.Send, Write: layer.Write, Core: welcoming{}})
	layer.Serve(table.Receive)
	defer func() { layer.Stop(); table.Stop() }()
	phone, err := net.Dial("udp", layer.Addrs()[0].Addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer phone.Close()
	options := strings.ReplaceAll("OPTIONS sip:alive@example.org SIP/2.0\nVia: SIP/2.0/UDP "+phone.LocalAddr().String()+
		";branch=z9hG4bKalive;rport\nFrom: <sip:a@example.org>;tag=1\nTo: <sip:alive@example.org>\nCall-ID: alive\nCSeq: 1 OPTIONS\n\n", "\n", "\r\n")
	for _, text := range []string{string(raw), options} {
		if _, err := phone.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	buf := make([]byte, 65536)
	if err := phone.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		n, err := phone.Read(buf)
		if err != nil {
			t.Fatal("not alive:", err)
		}
		if strings.Contains(string(buf[:n]), "z9hG4bKalive") {
			break
		}
	}
	mu.Lock()
	defer mu.Unlock()
	return left[:len(left)-1]
}
