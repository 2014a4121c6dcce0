package auth_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/auth"
	"parley/protocol"
)

// FuzzRegister: whatever is asked for, it is refused field by field, or the
// account is fit to be shown, stored anywhere and found again.
func FuzzRegister(f *testing.F) {
	f.Add("ada", "ada@example.com", "correct horse", "Ada")
	f.Add("ａｄａ", " a@b ", "\x00\x00\x00\x00\x00\x00\x00\x00", "\u202eevil")
	f.Add("a\x00", "a@b\r\nBcc: c@d", "short", "\xff")
	f.Add("ﬁ", `"a b"@c`, strings.Repeat("x", 257), strings.Repeat("ä", 151))
	f.Add("😀", "a@[127.0.0.1]", "12345678", " ")
	f.Fuzz(func(t *testing.T, username, email, password, displayName string) {
		s := &stub{}
		service := auth.New(auth.Config{Argon2: cheap()}, s)
		_, _, err := service.Register(t.Context(), auth.Registration{
			Username: username, Email: email, Password: password, DisplayName: displayName,
		})
		if err != nil {
			e := refusal(t, protocol.CodeValidation, err)
			require.NotEmpty(t, e.Fields)
			require.True(t, utf8.ValidString(e.Message))
			return
		}
		for field, value := range map[string]string{
			"username": s.user.Username, "email": s.user.Email, "display_name": s.user.DisplayName,
		} {
			require.NotEmpty(t, value, field)
			require.Equal(t, strings.TrimSpace(value), value, field)
			require.True(t, utf8.ValidString(value), field)
			require.False(t, strings.ContainsFunc(value, unicode.IsControl), "%s %q", field, value)
		}
		require.Equal(t, s.user.Username, auth.CanonicalUsername(s.user.Username), "the canonical form is stable")
		_, _, err = service.Login(t.Context(), auth.Credentials{Username: username, Password: password})
		require.NoError(t, err, "the password that was set")
		_, _, err = service.Login(t.Context(), auth.Credentials{Username: username, Password: password + "x"})
		requireCode(t, protocol.CodeInvalidCredentials, err)
	})
}
