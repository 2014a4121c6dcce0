package room

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
)

// seal makes the names of lines that clients are given. Each is one block of AES
// under a key of the process: nothing need be kept to know a token again, and
// nobody can guess one. A token is made once in the life of the process, for its
// serial is.
type seal struct{ block cipher.Block }

// What a block is of.
const (
	sealedName uint16 = iota + 1
	sealedToken
)

func newSeal() seal {
	var key [16]byte
	_, _ = rand.Read(key[:]) // never fails
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("room: a key of 16 bytes: " + err.Error())
	}
	return seal{block}
}

// ticket is what a resume token says: the fencing generation of a line, and
// where the line is.
type ticket struct {
	shard  uint16
	place  int32
	serial uint64
}

// name is the connection_id of a line.
func (s seal) name(l *line) string {
	return s.close(ticket{uint16(l.shard.edge.ID()), l.place, l.born}, sealedName)
}

func (s seal) close(t ticket, kind uint16) string {
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[0:], t.serial)
	binary.BigEndian.PutUint32(b[8:], uint32(t.place))
	binary.BigEndian.PutUint16(b[12:], t.shard)
	binary.BigEndian.PutUint16(b[14:], kind)
	s.block.Encrypt(b[:], b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// open reads a token. Any goroutine may call it.
func (s seal) open(token string) (ticket, bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != aes.BlockSize {
		return ticket{}, false
	}
	s.block.Decrypt(b, b)
	if binary.BigEndian.Uint16(b[14:]) != sealedToken {
		return ticket{}, false
	}
	return ticket{
		shard:  binary.BigEndian.Uint16(b[12:]),
		place:  int32(binary.BigEndian.Uint32(b[8:])),
		serial: binary.BigEndian.Uint64(b[0:]),
	}, true
}
