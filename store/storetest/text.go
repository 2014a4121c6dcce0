package storetest

import (
	"strings"

	"github.com/stretchr/testify/require"

	"parley/store"
)

func textTests() []subtest {
	return []subtest{
		{"kept as it is", textKept},
		{"names and titles", textNames},
	}
}

// textSamples are what a store might mangle.
func textSamples() map[string]string {
	return map[string]string{
		"emoji":                    "👩‍👩‍👧‍👦 🇦🇶 👍🏽",
		"right to left":            "שלום \u202eعربى\u202c",
		"combining marks":          "e\u0301 is not é",
		"quotes and escapes":       `'; DROP TABLE messages; -- " \ \n %s ? $1 :a @b`,
		"white space":              " \t\r\n\u00a0\u2028 ",
		"zero widths":              "\ufeff\u200b\u200d",
		"beyond the BMP":           "\U0001F600\U0010FFFD",
		"4000 characters of 4":     strings.Repeat("😀", 4000),
		"looks like a number":      "0012",
		"looks like null":          "NULL",
		"looks like a time":        "2024-01-02T03:04:05Z",
		"looks like a binary blob": "\\x00ff",
	}
}

func textKept(f *fixture) {
	ann := f.user("ann")
	r := f.room(ann)
	for name, text := range textSamples() {
		clientID := name
		m, _, err := f.post(store.NewMessage{RoomID: r.ID, AuthorID: ann.ID, Content: text, ClientMsgID: clientID})
		require.NoError(f, err, name)
		require.Equal(f, text, m.Content, name)
		got, err := f.store.MessageByID(f.ctx, r.ID, m.ID)
		require.NoError(f, err, name)
		require.Equal(f, m, got, name)
		edited, err := f.edit(r.ID, ann.ID, m.ID, text+text)
		require.NoError(f, err, name)
		got, err = f.store.MessageByID(f.ctx, r.ID, m.ID)
		require.NoError(f, err, name)
		require.Equal(f, text+text, got.Content, name)
		require.Equal(f, edited, got, name)
	}
}

func textNames(f *fixture) {
	ann := f.user("ann")
	for name, text := range textSamples() {
		u, err := f.store.UpdateUser(f.ctx, ann.ID, store.UserChange{DisplayName: &text})
		require.NoError(f, err, name)
		require.Equal(f, text, u.DisplayName, name)
		r, err := f.store.CreateRoom(f.ctx, store.NewRoom{Name: text, OwnerID: ann.ID})
		require.NoError(f, err, name)
		require.Equal(f, text, r.Name, name)
		require.Equal(f, text, r.Owner.DisplayName, name)
		got, err := f.store.RoomByID(f.ctx, r.ID)
		require.NoError(f, err, name)
		require.Equal(f, r, got, name)
	}
}
