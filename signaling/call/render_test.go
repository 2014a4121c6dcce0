package call_test

import (
	"fmt"
	"strings"
	"time"

	"parley/protocol"
	"parley/signaling/call"
)

// render writes actions one per line, as the scripts show them.
func render(actions []call.Action) string {
	if len(actions) == 0 {
		return "(nothing)\n"
	}
	var b strings.Builder
	for _, a := range actions {
		b.WriteString(renderAction(a) + "\n")
	}
	return b.String()
}

func renderAction(a call.Action) string {
	switch a := a.(type) {
	case *call.SendJoined:
		return fmt.Sprintf("s%d ← call_joined as %s:%s", a.To, a.PeerID, renderPeers(a.Peers))
	case *call.SendUserJoined:
		return fmt.Sprintf("%s ← user_joined %d:%s %s, you are %s",
			renderTo(a.To), a.User.ID, a.User.Username, a.PeerID, role(a.Polite))
	case *call.SendUserLeft:
		return fmt.Sprintf("%s ← user_left %d %s: %s", renderTo(a.To), a.UserID, a.PeerID, a.Reason)
	case *call.BroadcastState:
		return "room ← call_state " + renderState(a.State)
	case *call.SendExpired:
		return fmt.Sprintf("s%d%s ← signal_expired f%d: %s for %d %s (s%d)", a.To, renderBoot(a.Boot), a.Frame, a.Type, a.UserID, a.PeerID, a.For)
	case *call.Deliver:
		return fmt.Sprintf("s%d%s ← parked %s", a.To, renderBoot(a.Boot), renderFrames(a.Frames))
	case *call.Drop:
		return fmt.Sprintf("dropped %s for s%d", renderFrames(a.Frames), a.For)
	case *call.Forward:
		return fmt.Sprintf("%s ← frame from %d:%s %s",
			renderRecipients(a.To), a.From.UserID, a.From.Username, a.From.PeerID)
	case *call.Reject:
		return fmt.Sprintf("s%d ← error %s: %s", a.To, a.Err.Code, a.Err.Message)
	case *call.Replace:
		return fmt.Sprintf("s%d ✕ replaced", a.Session)
	case *call.Evict:
		return fmt.Sprintf("s%d ✕ to come back", a.Session)
	default:
		return fmt.Sprintf("unknown action %T", a)
	}
}

func renderTo(to []call.SessionID) string {
	if len(to) == 0 {
		return "nobody"
	}
	names := make([]string, len(to))
	for i, s := range to {
		names[i] = fmt.Sprintf("s%d", s)
	}
	return strings.Join(names, ",")
}

// renderRecipients shows who gets a frame, of which epoch, and for whom it is
// parked.
func renderRecipients(to []call.Recipient) string {
	if len(to) == 0 {
		return renderTo(nil)
	}
	names := make([]string, len(to))
	for i, r := range to {
		names[i] = fmt.Sprintf("s%d%s", r.Session, renderBoot(r.Boot))
		if r.Epoch != 0 {
			names[i] += fmt.Sprintf(" @%d", r.Epoch)
		}
		if r.Parked {
			names[i] += " (parked)"
		}
	}
	return strings.Join(names, ",")
}

func renderBoot(boot string) string {
	if boot == "" {
		return ""
	}
	return " at " + boot
}

func renderFrames(frames []call.FrameID) string {
	names := make([]string, len(frames))
	for i, f := range frames {
		names[i] = fmt.Sprintf("f%d", f)
	}
	return strings.Join(names, ",")
}

func renderPeers(peers []protocol.CallPeer) string {
	if len(peers) == 0 {
		return " alone"
	}
	var b strings.Builder
	for _, p := range peers {
		fmt.Fprintf(&b, " [%d:%s %s %s%s, you are %s]",
			p.UserID, p.Username, p.PeerID, p.State, until(p.Deadline), role(p.Polite))
	}
	return b.String()
}

func renderState(s protocol.CallState) string {
	var b strings.Builder
	b.WriteString(string(s.RoomState))
	for _, p := range s.Participants {
		fmt.Fprintf(&b, " [%d:%s %s %s%s]", p.UserID, p.Username, p.PeerID, p.State, until(p.Deadline))
	}
	return b.String()
}

func until(deadline *protocol.Time) string {
	if deadline == nil {
		return ""
	}
	return " until " + deadline.Format(time.TimeOnly)
}

func role(polite bool) string {
	if polite {
		return "polite"
	}
	return "impolite"
}
