package swarm

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// inflater undoes the compression of one message at a time, without context
// takeover (RFC 7692, section 7.2.2). The zero value is ready.
type inflater struct {
	in    bytes.Reader
	tail  bytes.Reader
	flate io.ReadCloser
	out   bytes.Buffer
}

// mostInflated is more than any message of this benchmark comes to.
const mostInflated = 1 << 20

// message returns the text, which is valid until the next call.
func (f *inflater) message(packed []byte) ([]byte, error) {
	// What the sender cut off, and an empty last block that ends the stream.
	const ending = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"
	f.in.Reset(packed)
	f.tail.Reset([]byte(ending))
	source := io.MultiReader(&f.in, &f.tail)
	if f.flate == nil {
		f.flate = flate.NewReader(source)
	} else if err := f.flate.(flate.Resetter).Reset(source, nil); err != nil {
		return nil, fmt.Errorf("swarm: inflate: %w", err)
	}
	f.out.Reset()
	n, err := f.out.ReadFrom(io.LimitReader(f.flate, mostInflated+1))
	if err == nil && n > mostInflated {
		err = errors.New("the message is too large")
	}
	if err != nil {
		return nil, fmt.Errorf("swarm: inflate: %w", err)
	}
	return f.out.Bytes(), nil
}
