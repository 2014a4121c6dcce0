package edge

import "bytes"

// maxHead is the longest head of a request that a shard reads, in bytes; few
// clients send a tenth of it. Longer ones are net/http's, which has a bound of
// its own.
const maxHead = 8 << 10

// verdict is what the first bytes of a connection turn out to be.
type verdict uint8

const (
	incomplete verdict = iota // more of the head must come
	foreign                   // net/http's: not for a WebSocket, or not in a shape that a shard reads
	whole                     // the whole head of a GET below the path
)

// judge looks at all that a connection has sent. size is the length of a whole
// head, the empty line included. The verdict is the same however the bytes are
// cut into pieces.
func judge(data []byte, start string) (size int, v verdict) {
	if n := min(len(data), len(start)); string(data[:n]) != start[:n] {
		return 0, foreign
	}
	switch size = endOfHead(data); {
	case size > maxHead, size == 0 && len(data) > maxHead:
		return 0, foreign
	case size == 0:
		return 0, incomplete
	}
	return size, whole
}

// endOfHead is the place behind the first empty line, 0 if there is none. Like
// net/http it takes a bare LF for a line's end.
func endOfHead(data []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return 0
		}
		at += i + 1
		switch rest := data[at:]; {
		case bytes.HasPrefix(rest, []byte("\n")):
			return at + 1
		case bytes.HasPrefix(rest, []byte("\r\n")):
			return at + 2
		}
	}
}

// plain reports whether a head is written the way clients write it: every line
// ends in CRLF, a header's name is of letters, digits and hyphens and has its
// colon right behind it, and there are no control characters. Of all else
// net/http is the better judge.
func plain(head []byte) bool {
	for first := true; ; first = false {
		end := bytes.IndexByte(head, '\n')
		if end < 1 || head[end-1] != '\r' {
			return false
		}
		line := head[:end-1]
		head = head[end+1:]
		if len(line) == 0 {
			return len(head) == 0
		}
		if !first && !plainName(line) || !printable(line) {
			return false
		}
	}
}

func plainName(line []byte) bool {
	for i, b := range line {
		switch {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9', b == '-':
		default:
			return i > 0 && b == ':'
		}
	}
	return false
}

func printable(line []byte) bool {
	for _, b := range line {
		if b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}

// plainPath reports whether a path is what net/http would make of it: nothing
// in it is escaped, and http.ServeMux would not clean it.
func plainPath(path []byte) bool {
	for i, b := range path {
		switch {
		case b <= ' ' || b >= 0x7f || b == '%':
			return false
		case i > 0 && path[i-1] == '/' && (b == '/' || b == '.'):
			return false
		}
	}
	return len(path) > 0 && path[0] == '/'
}

// plainHost reports whether a host is of the bytes that names, addresses and
// ports are made of.
func plainHost(host []byte) bool {
	for _, b := range host {
		switch {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		case b == '.', b == '-', b == ':', b == '[', b == ']':
		default:
			return false
		}
	}
	return len(host) > 0
}

// plainQuery reports whether a query has no byte that net/url refuses.
func plainQuery(query []byte) bool {
	for _, b := range query {
		if b <= ' ' || b == 0x7f {
			return false
		}
	}
	return true
}
