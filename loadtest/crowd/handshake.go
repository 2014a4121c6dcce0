package crowd

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // G505: RFC 6455, section 4.2.2, wants it
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"

	"parley/loadtest/client"
)

// handshake is the client's opening handshake (RFC 6455, section 4.1).
type handshake struct {
	request []byte
	accept  string // what the server must answer to the key
}

// mostHandshake bounds the server's answer, in bytes.
const mostHandshake = 64 << 10

var errAccept = errors.New("crowd: the upgrade answers another key (RFC 6455, section 4.1)")

func newHandshake(at host, d Dial) handshake {
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails
	key := base64.StdEncoding.EncodeToString(nonce[:])
	return handshake{
		request: fmt.Appendf(nil, "GET %s%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Token %s\r\n"+
			"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n",
			at.prefix, d.Path, at.name, d.Token, key),
		accept: acceptOf(key),
	}
}

// acceptOf is the server's answer to a key (RFC 6455, section 4.2.2).
func acceptOf(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // G401: as above
	return base64.StdEncoding.EncodeToString(sum[:])
}

// cut splits the server's answer off b; ok is false if it is not complete.
func (h handshake) cut(b []byte) (rest []byte, ok bool, err error) {
	head, rest, ok := bytes.Cut(b, []byte("\r\n\r\n"))
	if !ok {
		if len(b) > mostHandshake {
			err = errors.New("crowd: the answer to the handshake does not end")
		}
		return b, false, err
	}
	end := len(head) + len("\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b[:end])), nil)
	if err != nil {
		return rest, false, fmt.Errorf("crowd: handshake: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusSwitchingProtocols {
		return rest, false, &client.Problem{Status: res.StatusCode, Title: res.Status, Detail: "instead of an upgrade", Header: res.Header}
	}
	if res.Header.Get("Sec-WebSocket-Accept") != h.accept {
		return rest, false, errAccept
	}
	return rest, true, nil
}
