package docs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/coder/websocket"

	"parley/protocol"
)

// npx plays `npx wscat` as far as the README uses it: it connects, sends what -x
// says, prints what comes, and leaves. Where wscat waits for the seconds of -w,
// it waits until it has been told how the room stands, on a multiplexed socket
// also what is unread, and every frame with an id is answered.
func npx(args []string, stdout, stderr io.Writer) int {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w, err := parseWscat(args)
	if err == nil {
		err = w.run(ctx, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "npx:", err)
		return 1
	}
	return 0
}

// wscat is what the arguments say.
type wscat struct {
	url       string
	protocols []string
	headers   map[string][]string
	frames    []string
}

func parseWscat(args []string) (wscat, error) {
	w := wscat{headers: map[string][]string{}}
	if len(args) == 0 || args[0] != "wscat" || len(args)%2 == 0 {
		return w, fmt.Errorf("want wscat and options with a value each, got %q", args)
	}
	for i := 1; i < len(args); i += 2 {
		value := args[i+1]
		switch args[i] {
		case "-c":
			w.url = value
		case "-s":
			w.protocols = append(w.protocols, value)
		case "-H":
			name, text, _ := strings.Cut(value, ":")
			w.headers[name] = []string{strings.TrimSpace(text)}
		case "-x":
			w.frames = append(w.frames, value)
		case "-w":
			if _, err := time.ParseDuration(value + "s"); err != nil {
				return w, err
			}
		default:
			return w, fmt.Errorf("wscat is not used with %s in the README", args[i])
		}
	}
	return w, nil
}

func (w wscat) run(ctx context.Context, stdout io.Writer) error {
	conn, _, err := websocket.Dial(ctx, w.url, &websocket.DialOptions{
		Subprotocols: w.protocols, HTTPHeader: w.headers,
	})
	if err != nil {
		return err
	}
	waiting := map[string]bool{}
	for _, text := range w.frames {
		var frame struct{ ID string }
		if err := json.Unmarshal([]byte(text), &frame); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		if frame.ID != "" {
			waiting[frame.ID] = true
		}
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			return err
		}
	}
	told, unread := false, !strings.HasSuffix(w.url, "/ws/")
	for !told || !unread || len(waiting) > 0 {
		_, b, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s\n", b)
		var frame struct {
			Type protocol.Type
			ID   string
		}
		if err := json.Unmarshal(b, &frame); err != nil {
			return fmt.Errorf("%s: %w", b, err)
		}
		delete(waiting, frame.ID)
		told = told || frame.Type == protocol.TypePresenceState || frame.Type == protocol.TypeCallState
		unread = unread || frame.Type == protocol.TypeUnread
	}
	err = conn.Close(websocket.StatusNormalClosure, "")
	if errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
