package faults

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// places takes a stream in pieces of a size, and returns where in it which places
// are.
func places(t *testing.T, stream []byte, size int) (found map[int][]Place, s scanner) {
	t.Helper()
	found = map[int][]Place{}
	for at := 0; at < len(stream); {
		end := min(at+size, len(stream))
		n, place := s.advance(stream[at:end])
		require.True(t, n > 0 || place == Before, "no way on at %d", at)
		require.LessOrEqual(t, n, end-at)
		at += n
		if place != nowhere {
			found[at] = append(found[at], place)
		}
	}
	return found, s
}

func TestPlacesOfFrames(t *testing.T) {
	const greeting = "HTTP/1.1 101\r\nA: b\r\r\n\r\n"
	stream := greeting + "\x81\x04abcd" + "\x89\x01p" + "\x81\x81mask\x00" + "\x01\x02ab" + "\x80\x01c" + "\x88\x02\x11\x39"
	at := len(greeting)
	found, s := places(t, []byte(stream), len(stream))
	require.Equal(t, map[int][]Place{
		at: {Before}, at + 4: {Middle}, at + 6: {After},
		at + 9: {Before}, at + 15: {Middle},
		at + 16: {After, Before}, at + 19: {Middle}, at + 20: {After},
	}, found)
	require.Equal(t, 3, s.messages)
	require.Equal(t, 4409, s.code)
}

// However a stream is cut into pieces, the places are the same.
func FuzzPieces(f *testing.F) {
	f.Add([]byte("\r\n\r\n\x81\x04abcd\x88\x02\x11\x39"), 3)
	f.Add([]byte("\r\n\r\n\x82\xfe\x00\x7emask\x00"), 1)
	f.Add([]byte("\r\n\r\n\x82\xff\xff\xff\xff\xff\xff\xff\xff\xffmask\x00"), 2)
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		if size < 1 {
			return
		}
		whole, a := places(t, stream, len(stream)+1)
		pieces, b := places(t, stream, size)
		require.Equal(t, whole, pieces)
		require.Equal(t, a.messages, b.messages)
		require.Equal(t, a.code, b.code)
	})
}
