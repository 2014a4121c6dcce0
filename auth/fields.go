package auth

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/protocol"
)

// Bounds of an account's fields, in characters.
const (
	maxUsername    = 150
	maxEmail       = 254 // RFC 5321, section 4.5.3.1.3
	maxDisplayName = 150
	minPassword    = 8
	maxPassword    = 256
)

// problems collects what is wrong with a request, field by field. Its field
// methods return the value in the form in which it is stored.
type problems []protocol.FieldError

func (p *problems) add(field, message string) {
	*p = append(*p, protocol.FieldError{Field: field, Message: message})
}

func (p *problems) err() error {
	if len(*p) == 0 {
		return nil
	}
	parts := make([]string, len(*p))
	for i, f := range *p {
		parts[i] = f.Field + ": " + f.Message
	}
	return &protocol.Error{
		Code:    protocol.CodeValidation,
		Message: strings.Join(parts, "; "),
		Fields:  *p,
	}
}

// CanonicalUsername returns the form of a user name in which it is stored and
// found: trimmed, and with letters folded that only look different (NFKC), so
// that nobody can pass for somebody else that way. Letters keep their case.
func CanonicalUsername(s string) string {
	return norm.NFKC.String(strings.TrimSpace(s))
}

func (p *problems) username(s string) string {
	s = CanonicalUsername(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		p.add("username", "required")
	case n > maxUsername:
		p.add("username", "at most 150 characters")
	case strings.ContainsFunc(s, notInUsername):
		p.add("username", "only letters, digits and @ . + - _")
	}
	return s
}

func notInUsername(r rune) bool {
	return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) &&
		!unicode.Is(unicode.M, r) && !strings.ContainsRune("@.+-_", r)
}

// email wants an address alone (RFC 5322 addr-spec); a domain needs no dot.
func (p *problems) email(s string) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		p.add("email", "required")
	case len(s) > maxEmail:
		p.add("email", "at most 254 bytes")
	default:
		a, err := mail.ParseAddress(s)
		if err != nil || a.Address != s || strings.ContainsFunc(s, unprintable) {
			p.add("email", "not an e-mail address")
		}
	}
	return s
}

func (p *problems) displayName(s, username string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return username
	}
	switch {
	case utf8.RuneCountInString(s) > maxDisplayName:
		p.add("display_name", "at most 150 characters")
	case strings.ContainsFunc(s, unprintable):
		p.add("display_name", "no control characters")
	}
	return s
}

func (p *problems) password(s string) {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		p.add("password", "required")
	case n < minPassword:
		p.add("password", "at least 8 characters")
	case n > maxPassword:
		p.add("password", "at most 256 characters")
	}
}

func unprintable(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
