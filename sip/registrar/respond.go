package registrar

import sipmsg "github.com/emiago/sipgo/sip"

func respond(req *sipmsg.Request, status int, reason string) *sipmsg.Response {
	return sipmsg.NewResponseFromRequest(req, status, reason, nil)
}
