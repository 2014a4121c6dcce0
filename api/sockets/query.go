package sockets

import (
	"net/url"
	"strconv"
	"strings"

	"parley/protocol"
	"parley/room"
)

// query is what a handshake's URL may say; of a key that is repeated the first
// counts, as for url.Values.
type query struct {
	ticket string
	token  string
	since  int64 // -1 where the client does not ask for a replay
	back   room.Return
	acks   bool
}

// parseQuery reads what url.ParseQuery would, without building a map of it: a
// plain query costs no allocation.
func parseQuery(raw string) (query, error) {
	q := query{since: -1, back: room.Return{Received: -1}}
	var ticket, token, since, resume, received, acks bool // seen
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		key, value, err := unescape(pair)
		if err != nil {
			return query{}, protocol.Errorf(protocol.CodeValidation, "the query is malformed")
		}
		switch {
		case key == "ticket" && !ticket:
			q.ticket, ticket = value, true
		case key == "token" && !token:
			q.token, token = value, true
		case key == "since_seq" && !since:
			since = true
			if q.since, err = strconv.ParseInt(value, 10, 64); err != nil || q.since < 0 || q.since >= protocol.MaxID {
				return query{}, protocol.Invalid("since_seq", "must be an integer from 0 on")
			}
		case key == "resume" && !resume:
			q.back.Token, resume = value, true
		case key == "received" && !received:
			received = true
			if q.back.Received, err = strconv.Atoi(value); err != nil || q.back.Received < 0 {
				return query{}, protocol.Invalid("received", "must be an integer from 0 on")
			}
		case key == "ack" && !acks:
			acks = true
			if value != "0" && value != "1" {
				return query{}, protocol.Invalid("ack", "must be 0 or 1")
			}
			q.acks = value == "1"
		}
	}
	return q, nil
}

// unescape takes a pair apart; what has no escapes in it is not copied.
func unescape(pair string) (key, value string, err error) {
	if strings.Contains(pair, ";") {
		return "", "", url.EscapeError(";")
	}
	key, value, _ = strings.Cut(pair, "=")
	if key, err = url.QueryUnescape(key); err != nil {
		return "", "", err
	}
	value, err = url.QueryUnescape(value)
	return key, value, err
}
