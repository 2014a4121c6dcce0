package edge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOffersOfCompression(t *testing.T) {
	t.Parallel()
	const both = "permessage-deflate;server_no_context_takeover;client_no_context_takeover"
	for offers, want := range map[string]string{
		"permessage-deflate":                                                         both,
		"permessage-deflate; client_max_window_bits":                                 both, // as browsers do
		"permessage-deflate; client_max_window_bits=9":                               both,
		"permessage-deflate; server_no_context_takeover; client_no_context_takeover": both,
		"permessage-deflate; server_max_window_bits=15":                              both + ";server_max_window_bits=15",
		"permessage-deflate; server_max_window_bits=10":                              "",
		"permessage-deflate; server_max_window_bits=10, permessage-deflate":          both,
		"permessage-deflate, permessage-deflate":                                     both,
		"permessage-deflate; server_max_window_bits":                                 "",
		"permessage-deflate; server_max_window_bits=16":                              "",
		"permessage-deflate; server_max_window_bits=7":                               "",
		"permessage-deflate; client_max_window_bits=16":                              "",
		"permessage-deflate; server_no_context_takeover=1":                           "",
		"permessage-deflate; unheard_of":                                             "",
		"permessage-deflate; unheard_of, permessage-deflate":                         both,
		"permessage-bzip2, x-webkit-deflate-frame":                                   "",
	} {
		require.Equal(t, want, agreeToAny([]string{offers}), offers)
	}
}
