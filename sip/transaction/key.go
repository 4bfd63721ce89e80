package transaction

import (
	"hash/maphash"
	"math/rand/v2"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// cookie begins every branch of an RFC 3261 element (§8.1.1.7).
const cookie = "z9hG4bK"

// key identifies a transaction by 128 bits of a seeded hash of what RFC 3261 §17.1.3 and §17.2.3 compare, so that a lingering
// transaction keeps no text of its message alive.
type key [2]uint64

// hasher makes keys; the seeds are random, so nobody can aim at a collision.
type hasher struct{ a, b maphash.Seed }

func newHasher() hasher { return hasher{maphash.MakeSeed(), maphash.MakeSeed()} }

func (h hasher) sum(b []byte) key { return key{maphash.Bytes(h.a, b), maphash.Bytes(h.b, b)} }

// server is the key of the request's server transaction. method is the request's, but INVITE for ACK, and for CANCEL when
// looking for what it cancels.
//
//	branch with cookie:  branch, sent-by, method
//	without (RFC 2543):  Request-URI, From tag, Call-ID, CSeq number, top Via, method
func (h hasher) server(req *sipmsg.Request, method sipmsg.RequestMethod) key {
	var buf [512]byte
	b := append(append(buf[:0], "S\x00"...), method...)
	via := req.Via()
	branch := via.Params.GetOr("branch", "")
	b = append(append(b, 0), strings.ToLower(via.Host)...)
	b = strconv.AppendInt(append(b, 0), int64(via.Port), 10)
	b = append(append(b, 0), branch...)
	if len(branch) <= len(cookie) || !strings.EqualFold(branch[:len(cookie)], cookie) {
		b = append(append(b, 0), req.Recipient.String()...)
		b = append(append(b, 0), req.From().Params.GetOr("tag", "")...)
		b = append(append(b, 0), string(*req.CallID())...)
		b = strconv.AppendUint(append(b, 0), uint64(req.CSeq().SeqNo), 10)
	}
	return h.sum(b)
}

// client is the key of a client transaction, by branch and method of the CSeq.
func (h hasher) client(branch string, method sipmsg.RequestMethod) key {
	var buf [128]byte
	b := append(append(buf[:0], "C\x00"...), method...)
	return h.sum(append(append(b, 0), branch...))
}

// merge is the key by which a request that came twice is known: method, From tag, Call-ID and CSeq.
func (h hasher) merge(req *sipmsg.Request) mergeKey {
	if req.To().Params.Has("tag") {
		return 0
	}
	var buf [512]byte
	b := append(append(buf[:0], "M\x00"...), req.Method...)
	b = append(append(b, 0), req.From().Params.GetOr("tag", "")...)
	b = append(append(b, 0), string(*req.CallID())...)
	b = strconv.AppendUint(append(b, 0), uint64(req.CSeq().SeqNo), 10)
	return mergeKey(max(maphash.Bytes(h.a, b), 1))
}

// brancher makes branches, and knows its own.
type brancher struct{ prefix string }

func newBrancher() brancher {
	return brancher{cookie + strconv.FormatUint(rand.Uint64()>>32, 36) + "."}
}

func (b brancher) next() string {
	return b.prefix + strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64()>>40, 36)
}

// ours says whether the Via was made by this table.
func (b brancher) ours(v *sipmsg.ViaHeader) bool {
	return v != nil && strings.HasPrefix(v.Params.GetOr("branch", ""), b.prefix)
}
