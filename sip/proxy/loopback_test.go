package proxy_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"ringway/sip/location"
	"ringway/sip/proxy"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// village is example.org: everybody is known and may write to everybody.
type village struct{}

func (village) Domain(string) (string, bool)                            { return "example.org", true }
func (village) Known(string) bool                                       { return true }
func (village) AccountOf(u sipmsg.Uri) (string, bool)                   { return u.User, true }
func (village) Permits(proxy.Sender, sipmsg.RequestMethod, string) bool { return true }

// core gives every request to the proxy, as if it were authenticated.
type core struct{ proxy *proxy.Proxy }

func (c *core) Request(s *transaction.Server)             { c.proxy.Forward(s, proxy.Sender{Account: "ken"}) }
func (c *core) Ack(*sipmsg.Request, transport.Flow)       {}
func (c *core) Response(*sipmsg.Response, transport.Flow) {}

// socket is a phone: one UDP socket.
func socket(t *testing.T) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

func receive(t *testing.T, c *net.UDPConn) string {
	t.Helper()
	b := make([]byte, 4096)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func local(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

// A message crosses real sockets, the transaction table and the proxy to two phones and back.
func TestMessageOverLoopback(t *testing.T) {
	c := &core{}
	layer, err := transport.Open(transport.Options{
		Listen: []transport.Listener{{Proto: transport.UDP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer layer.Stop()
	table := transaction.New(transaction.Options{Send: layer.Send, Via: layer.Via, Core: c})
	defer table.Stop()
	bindings := location.New(location.Options{})
	c.proxy = proxy.New(proxy.Options{Table: table, Vias: layer, Location: bindings, Directory: village{}})
	layer.Serve(table.Receive)

	us := layer.Addrs()[0].Addr
	ken, desk, mobile := socket(t), socket(t), socket(t)
	var list []location.Binding
	for _, p := range []*net.UDPConn{desk, mobile} {
		b := location.Binding{Binding: store.Binding{Contact: "sip:mei@" + local(p).String(), Q: 1, Expires: time.Now().Add(time.Hour)}}
		b.Flow = transport.Flow{Proto: transport.UDP, Local: us, Remote: local(p)}
		list = append(list, b)
	}
	bindings.Replace("sip:mei@example.org", 0, list)

	fmt.Fprintf(writer{ken, us}, "MESSAGE sip:mei@example.org SIP/2.0\r\nVia: SIP/2.0/UDP %s;rport;branch=z9hG4bKm1\r\nMax-Forwards: 70\r\n"+
		"From: <sip:ken@example.org>;tag=k\r\nTo: <sip:mei@example.org>\r\nCall-ID: m1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", local(ken))
	for phone, status := range map[*net.UDPConn]string{desk: "486 Busy Here", mobile: "200 OK"} {
		got := receive(t, phone)
		if !strings.HasPrefix(got, "MESSAGE sip:mei@"+local(phone).String()+" SIP/2.0\r\n") || !strings.HasSuffix(got, "\r\n\r\nhello") {
			t.Fatal(got)
		}
		var copied []string
		for _, line := range strings.Split(got, "\r\n") {
			for _, h := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
				if strings.HasPrefix(line, h) {
					copied = append(copied, line)
				}
			}
		}
		fmt.Fprintf(writer{phone, us}, "SIP/2.0 %s\r\n%s\r\nContent-Length: 0\r\n\r\n", status, strings.Join(copied, "\r\n"))
	}
	if got := receive(t, ken); !strings.HasPrefix(got, "SIP/2.0 200 OK\r\n") || strings.Count(got, "Via:") != 1 {
		t.Error(got)
	}
}

// writer sends datagrams to one address.
type writer struct {
	c  *net.UDPConn
	to netip.AddrPort
}

func (w writer) Write(b []byte) (int, error) { return w.c.WriteToUDPAddrPort(b, w.to) }
