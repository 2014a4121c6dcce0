package edge

import (
	"bytes"
	"compress/flate"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// compressed is what a client sends that flushes after each part.
func compressed(t testing.TB, level int, parts ...string) string {
	t.Helper()
	out, _ := blocks(t, level, parts...)
	return strings.TrimSuffix(out, deflateTail)
}

// blocks is text in one or more blocks, and the same with a last one that has
// BFINAL set.
func blocks(t testing.TB, level int, parts ...string) (open, final string) {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, level)
	require.NoError(t, err)
	for _, part := range parts {
		_, err = w.Write([]byte(part))
		require.NoError(t, err)
		require.NoError(t, w.Flush())
	}
	open = out.String()
	require.NoError(t, w.Close())
	return open, out.String()
}

func TestInflate(t *testing.T) {
	t.Parallel()
	long := prose(60000)
	_, final := blocks(t, 9, "ends with a ", "final block")
	for name, c := range map[string]struct{ message, text string }{
		"nothing":              {"\x00", ""},
		"stored":               {"\x00\x05\x00\xfa\xffhello\x00", "hello"},
		"fixed codes":          {"\xf2\x48\xcd\xc9\xc9\x07\x00", "Hello"}, // RFC 7692, section 7.2.3.1
		"its own window":       {"\xf2\x48\xcd\xc9\xc9\x07\x00", "Hello"}, // and not the last message's
		"two blocks":           {"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", "Hello"},
		"final block":          {"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", "Hello"}, // section 7.2.3.4
		"final, then more":     {final + "\xf2\x48\xcd\xc9\xc9\x07\x00", "ends with a final blockHello"},
		"stored, level 0":      {compressed(t, 0, long), long},
		"level 1":              {compressed(t, 1, long), long},
		"level 9, many pieces": {compressed(t, 9, strings.SplitAfter(long, ",")...), long},
		"Huffman only":         {compressed(t, flate.HuffmanOnly, long), long},
		"the most there is":    {string(appendDeflated(nil, []byte(prose(1<<16)))), prose(1 << 16)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			z := newInflater()
			for range 3 {
				text, err := z.inflate([]byte(c.message), 1<<16)
				require.NoError(t, err)
				require.Equal(t, c.text, string(text))
			}
		})
	}
}

func TestInflateRefusesWhatIsNotDeflate(t *testing.T) {
	t.Parallel()
	z := newInflater()
	for name, message := range map[string]string{
		"nothing at all":          "",
		"reserved block":          "\x07",
		"stored, lengths differ":  "\x00\x05\x00\x00\x00hello\x00",
		"stored, cut short":       "\x00\x05\x00\xfa\xffhel",
		"distance before a start": "\x02\x09\x00",
		"plain text":              `{"type":"ping"}`,
		"final block, no end":     "\xf3\x48\xcd\xc9\xc9\x07\x00",
	} {
		_, err := z.inflate([]byte(message), 1<<16)
		require.ErrorIs(t, err, errNotDeflate, name)
		text, err := z.inflate([]byte("\xf2\x48\xcd\xc9\xc9\x07\x00"), 1<<16)
		require.NoError(t, err, "%s: the next message", name)
		require.Equal(t, "Hello", string(text))
	}
}

// A bomb is given up at the first byte that is too many, with no more memory
// taken than for a message that is just small enough.
func TestBombs(t *testing.T) {
	t.Parallel()
	const most = 1 << 16
	mebibyte, _ := blocks(t, 9, strings.Repeat("b", 1<<20))
	_, final := blocks(t, 9, strings.Repeat("b", 1000))
	require.Less(t, len(mebibyte), 1<<20/1000)
	for name, message := range map[string]string{
		"a thousandfold":    strings.Repeat(mebibyte, 60),
		"one byte too many": compressed(t, 9, strings.Repeat("b", most+1)),
		"of final blocks":   strings.Repeat(final, 100),
	} {
		z := newInflater()
		text, err := z.inflate([]byte(message), most)
		require.ErrorIs(t, err, errInflatedTooBig, name)
		require.Len(t, text, most+1, name)
		require.LessOrEqual(t, cap(text), 4*most, name)
		require.LessOrEqual(t, cap(z.in), 2*keepInflated, name)
	}
}

// Blocks without content are bounded by the bytes that bring them: the dearest,
// with tables of codes for nothing, cost twice what empty pings of as many bytes do.
func TestEmptyBlocks(t *testing.T) {
	t.Parallel()
	z := newInflater()
	for name, block := range map[string]string{
		"stored": "\x00\x00\x00\xff\xff",
		"final":  "\x03\x00",
		"fixed":  "\x02\x08\x20\x80\x00",
		"tables": "\x04\xc0\x81\x00\x00\x00\x00\x00\x90\xff\x6b\x00\x00\x00\xff\xff",
	} {
		message := strings.Repeat(block, (1<<16)/len(block)) + "\x00"
		text, err := z.inflate([]byte(message), 1<<16)
		require.NoError(t, err, name)
		require.Empty(t, text, name)
	}
}

// What a shard keeps between messages does not grow with the largest.
func TestInflaterKeepsLittle(t *testing.T) {
	t.Parallel()
	z := newInflater()
	for _, n := range []int{1 << 20, 100, keepInflated, 10} {
		text, err := z.inflate([]byte(compressed(t, 0, prose(n))), 1<<21)
		require.NoError(t, err)
		require.Len(t, text, n)
		require.LessOrEqual(t, cap(z.in), keepInflated)
		require.LessOrEqual(t, cap(z.text), keepInflated)
	}
}

func TestShardInflatesOnlyIfItMust(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	c.deflate = true
	c.feed(masked(ws.OpText, true, "plain"))
	require.Nil(t, c.shard.inflater)
	l := &listener{keep: true}
	c.handler = l
	c.feed(marked(masked(ws.OpText, true, "\xf2\x48\xcd\xc9\xc9\x07\x00")))
	require.NotNil(t, c.shard.inflater)
	require.Equal(t, []string{"Hello"}, l.messages)
	require.Nil(t, c.in)
}

// FuzzInflate compares with the standard library, whatever comes.
func FuzzInflate(f *testing.F) {
	f.Add([]byte("\xf2\x48\xcd\xc9\xc9\x07\x00"), []byte("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"))
	f.Add([]byte("\x00\x05\x00\xfa\xffhello\x00"), []byte("\x03\x00\x03\x00\x00"))
	f.Add([]byte(compressed(f, 9, prose(400))), []byte("\x00"))
	f.Add([]byte(compressed(f, 1, prose(100), prose(200))), []byte(""))
	f.Add([]byte(compressed(f, 9, prose(100000))), []byte("\x07"))
	f.Fuzz(func(t *testing.T, one, other []byte) {
		const most = 300
		z := newInflater()
		for _, message := range [][]byte{one, other, one} { // nothing is carried over
			want, code := inflated(message, most)
			text, err := z.inflate(message, most)
			switch code {
			case 0:
				require.NoError(t, err)
				require.Equal(t, string(want), string(text))
			case 1009:
				require.ErrorIs(t, err, errInflatedTooBig)
			default:
				require.ErrorIs(t, err, errNotDeflate)
			}
		}
	})
}

// BenchmarkInflate is a compressed message from the transport to its handler.
func BenchmarkInflate(b *testing.B) {
	message := marked(masked(ws.OpText, true, string(appendDeflated(nil, []byte(prose(1000))))))
	c, _ := newTestConn(Config{})
	c.deflate = true
	buf := make([]byte, len(message))
	b.SetBytes(1000)
	b.ReportAllocs()
	for b.Loop() {
		copy(buf, message)
		c.feed(buf)
	}
}
