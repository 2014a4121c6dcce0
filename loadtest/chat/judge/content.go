package judge

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// alphabet is what contents are made of: what JSON escapes, and what takes more
// bytes than one, among letters.
const alphabet = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 \"\\/<>&'\n\té漢🙂"

// tagOf names what a member says: its room, its place there and a number.
func tagOf(room int64, place int, kind byte, number int64) string {
	return fmt.Sprintf("%d-%d%c%d", room, place, kind, number)
}

// contentOf is the text that goes with a tag, of so many characters but not fewer
// than the tag needs. It follows from the tag, so that it need not be remembered.
func contentOf(tag string, size int) string {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(tag))
	random := rand.New(rand.NewPCG(hash.Sum64(), uint64(size)))
	letters := []rune(alphabet)
	var b strings.Builder
	b.WriteString(tag)
	b.WriteByte('|')
	for range size - len(tag) - 1 {
		b.WriteRune(letters[random.IntN(len(letters))])
	}
	return b.String()
}

// tagIn finds the tag of a content, and whether the content is what goes with it.
func tagIn(content string) (tag string, whole bool) {
	tag, _, found := strings.Cut(content, "|")
	return tag, found && content == contentOf(tag, utf8.RuneCountInString(content))
}

// parseTag reads a tag; ok is false if it is none of this room and kind.
func parseTag(tag string, room int64, kind byte) (place int, number int64, ok bool) {
	var in int64
	var is byte
	n, err := fmt.Sscanf(tag, "%d-%d%c%d", &in, &place, &is, &number)
	ok = err == nil && n == 4 && in == room && is == kind && tag == tagOf(in, place, is, number)
	return place, number, ok
}
