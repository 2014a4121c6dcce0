package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2 is the cost of an argon2id hash (RFC 9106).
type Argon2 struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// DefaultArgon2 is what OWASP's Password Storage Cheat Sheet asks for at
// least: 19 MiB, two passes, one lane.
func DefaultArgon2() Argon2 { return Argon2{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1} }

// Bounds of a stored hash, so that a broken row cannot take the machine down.
const (
	maxMemoryKiB = 1 << 18 // 256 MiB
	maxPasses    = 16
	minKeyBytes  = 16
	maxKeyBytes  = 64
	minSaltBytes = 8
	maxSaltBytes = 64
)

// phc is a password hash in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>.
type phc struct {
	cost Argon2
	salt []byte
	key  []byte
}

// String implements fmt.Stringer.
func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.cost.MemoryKiB, p.cost.Passes, p.cost.Lanes,
		b64.EncodeToString(p.salt), b64.EncodeToString(p.key))
}

func parsePHC(s string) (phc, error) {
	fields := strings.Split(s, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" {
		return phc{}, errors.New("not an argon2id PHC string")
	}
	if fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, fmt.Errorf("argon2 version %q is not supported", fields[2])
	}
	var p phc
	c := &p.cost
	_, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Passes, &c.Lanes)
	if err != nil {
		return phc{}, fmt.Errorf("argon2 cost: %w", err)
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(fields[4]); err != nil {
		return phc{}, fmt.Errorf("salt: %w", err)
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(fields[5]); err != nil {
		return phc{}, fmt.Errorf("key: %w", err)
	}
	return p, p.check()
}

func (p phc) check() error {
	c := p.cost
	switch {
	case c.MemoryKiB == 0 || c.MemoryKiB > maxMemoryKiB, c.Passes == 0 || c.Passes > maxPasses, c.Lanes == 0:
		return fmt.Errorf("argon2 cost m=%d,t=%d,p=%d is out of bounds", c.MemoryKiB, c.Passes, c.Lanes)
	case len(p.salt) < minSaltBytes || len(p.salt) > maxSaltBytes:
		return fmt.Errorf("a salt of %d bytes is out of bounds", len(p.salt))
	case len(p.key) < minKeyBytes || len(p.key) > maxKeyBytes:
		return fmt.Errorf("a key of %d bytes is out of bounds", len(p.key))
	}
	return nil
}
