package edge_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/chacha20poly1305"
)

// Types of records, and alerts (RFC 8446, sections 5.1 and 6).
const (
	recordAlert     byte = 21
	recordHandshake byte = 22
	recordData      byte = 23

	alertCloseNotify       byte = 0
	alertUnexpectedMessage byte = 10
	alertBadRecordMAC      byte = 20
	alertRecordOverflow    byte = 22
)

// recordPeer is a client that has done crypto/tls' handshake and from there on
// makes the records of TLS 1.3 itself, so that a test can cut and order them as
// it likes.
type recordPeer struct {
	net.Conn
	t       *testing.T
	suite   uint16
	in, out *recordKeys
}

// recordKeys protect one direction (RFC 8446, section 7.3).
type recordKeys struct {
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	seq    uint64
}

// records connects a recordPeer, TCP and TLS only.
func (s *server) records() *recordPeer {
	s.t.Helper()
	nc, err := net.Dial("tcp", s.addr)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = nc.Close() })
	require.NoError(s.t, nc.SetDeadline(time.Now().Add(patience)))
	var secrets bytes.Buffer
	c := tls.Client(nc, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13, KeyLogWriter: &secrets})
	require.NoError(s.t, c.Handshake())
	p := &recordPeer{Conn: nc, t: s.t, suite: c.ConnectionState().CipherSuite}
	for line := range strings.Lines(secrets.String()) {
		fields := strings.Fields(line)
		switch secret, err := hex.DecodeString(fields[2]); fields[0] {
		case "CLIENT_TRAFFIC_SECRET_0":
			require.NoError(s.t, err)
			p.out = p.keys(secret)
		case "SERVER_TRAFFIC_SECRET_0":
			require.NoError(s.t, err)
			p.in = p.keys(secret)
		}
	}
	return p
}

// upgraded connects a recordPeer that has its WebSocket.
func (s *server) upgraded() *recordPeer {
	s.t.Helper()
	p := s.records()
	p.send(recordData, opening)
	p.upgraded()
	return p
}

func (p *recordPeer) upgraded() {
	p.t.Helper()
	require.Contains(p.t, p.data(), http.StatusText(http.StatusSwitchingProtocols))
}

func (p *recordPeer) keys(secret []byte) *recordKeys {
	p.t.Helper()
	k := &recordKeys{secret: secret, iv: p.expand(secret, "iv", 12)}
	var err error
	switch p.suite {
	case tls.TLS_AES_128_GCM_SHA256:
		var block cipher.Block
		block, err = aes.NewCipher(p.expand(secret, "key", 16))
		require.NoError(p.t, err)
		k.aead, err = cipher.NewGCM(block)
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		k.aead, err = chacha20poly1305.New(p.expand(secret, "key", 32))
	default:
		require.FailNow(p.t, "no test for "+tls.CipherSuiteName(p.suite))
	}
	require.NoError(p.t, err)
	return k
}

// expand is HKDF-Expand-Label without a context (RFC 8446, section 7.1).
func (p *recordPeer) expand(secret []byte, label string, n int) []byte {
	p.t.Helper()
	label = "tls13 " + label
	info := append(binary.BigEndian.AppendUint16(nil, uint16(n)), byte(len(label)))
	key, err := hkdf.Expand(sha256.New, secret, string(info)+label+"\x00", n)
	require.NoError(p.t, err)
	return key
}

func (k *recordKeys) nonce() []byte {
	nonce := bytes.Clone(k.iv)
	for i := range 8 {
		nonce[4+i] ^= byte(k.seq >> (56 - 8*i))
	}
	k.seq++
	return nonce
}

// seal makes one record.
func (p *recordPeer) seal(kind byte, payload string) []byte {
	inner := append([]byte(payload), kind)
	head := binary.BigEndian.AppendUint16([]byte{recordData, 3, 3}, uint16(len(inner)+p.out.aead.Overhead()))
	return p.out.aead.Seal(head, p.out.nonce(), inner, head)
}

func (p *recordPeer) send(kind byte, payload string) { p.write(p.seal(kind, payload)) }

func (p *recordPeer) write(records ...[]byte) {
	p.t.Helper()
	_, err := p.Write(bytes.Join(records, nil))
	require.NoError(p.t, err)
}

// record reads one, whatever it is; io.EOF is the end of the stream.
func (p *recordPeer) record() (kind byte, payload []byte, err error) {
	p.t.Helper()
	head := make([]byte, 5)
	if _, err = io.ReadFull(p, head); err != nil {
		return 0, nil, err
	}
	body := make([]byte, binary.BigEndian.Uint16(head[3:]))
	_, err = io.ReadFull(p, body)
	require.NoError(p.t, err)
	inner, err := p.in.aead.Open(body[:0], p.in.nonce(), body, head)
	require.NoError(p.t, err, "a record that does not open")
	inner = bytes.TrimRight(inner, "\x00")
	return inner[len(inner)-1], inner[:len(inner)-1], nil
}

// data reads the next record of application data, past session tickets.
func (p *recordPeer) data() string {
	p.t.Helper()
	for {
		kind, payload, err := p.record()
		require.NoError(p.t, err)
		if kind == recordData {
			return string(payload)
		}
		require.Equal(p.t, recordHandshake, kind, "%q", payload)
		require.Equal(p.t, byte(4), payload[0], "a session ticket (RFC 8446, section 4.6.1)")
	}
}

// text is the next record of data, which must be one frame of text.
func (p *recordPeer) text() string {
	p.t.Helper()
	got := p.data()
	require.Equal(p.t, byte(0x81), got[0])
	require.Equal(p.t, len(got)-2, int(got[1]))
	return got[2:]
}

// alerts reads on to the end of the stream.
func (p *recordPeer) alerts() (all []byte) {
	p.t.Helper()
	for {
		kind, payload, err := p.record()
		if err != nil {
			require.ErrorIs(p.t, err, io.EOF)
			return all
		}
		if kind == recordAlert {
			all = append(all, payload[1])
		} else {
			require.Empty(p.t, all, "behind an alert comes %q", payload)
		}
	}
}

// keyUpdate is the message of RFC 8446, section 4.6.3.
func keyUpdate(request bool) string {
	if request {
		return "\x18\x00\x00\x01\x01"
	}
	return "\x18\x00\x00\x01\x00"
}

// next is the secret that follows a key update (section 7.2).
func (p *recordPeer) next(k *recordKeys) *recordKeys {
	p.t.Helper()
	return p.keys(p.expand(k.secret, "traffic upd", len(k.secret)))
}
