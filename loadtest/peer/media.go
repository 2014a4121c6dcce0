package peer

import (
	"fmt"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// frameTime is the time between two packets of each kind: that of an Opus frame.
const frameTime = 20 * time.Millisecond

// Clock rates (RFC 7587, section 4.1; RFC 7741, section 4.1), a frame each.
const (
	audioStep = uint32(48_000 * frameTime / time.Second)
	videoStep = uint32(90_000 * frameTime / time.Second)
)

// media is a synthetic source: one audio and one video packet per frameTime,
// for all links at once.
type media struct {
	// static
	audio, video *webrtc.TrackLocalStaticRTP
	quit         chan struct{}
	pumping      sync.WaitGroup

	mu       sync.Mutex
	on, over bool // guarded by mu
}

func newMedia() (*media, error) {
	audio, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", "parley")
	if err != nil {
		return nil, fmt.Errorf("peer: audio: %w", err)
	}
	video, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "parley")
	if err != nil {
		return nil, fmt.Errorf("peer: video: %w", err)
	}
	return &media{audio: audio, video: video, quit: make(chan struct{})}, nil
}

func (m *media) started() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.on
}

func (m *media) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.on && !m.over {
		m.on = true
		m.pumping.Go(m.pump)
	}
}

// stop ends the source for good and waits until it has ended.
func (m *media) stop() {
	m.mu.Lock()
	if !m.over {
		m.over = true
		close(m.quit)
	}
	m.mu.Unlock()
	m.pumping.Wait()
}

func (m *media) pump() {
	clock := time.NewTicker(frameTime)
	defer clock.Stop()
	audio := rtp.Packet{
		Header:  rtp.Header{Version: 2},
		Payload: []byte{0xf8, 0xff, 0xfe}, // silence
	}
	video := rtp.Packet{
		Header:  rtp.Header{Version: 2, Marker: true},
		Payload: []byte{0x10, 0x00, 0x00, 0x00, 0x9d, 0x01, 0x2a}, // the start of a key frame
	}
	for {
		select {
		case <-clock.C:
			// A link that is not connected, or no more, takes none.
			_ = m.audio.WriteRTP(&audio)
			_ = m.video.WriteRTP(&video)
			audio.SequenceNumber++
			video.SequenceNumber++
			audio.Timestamp += audioStep
			video.Timestamp += videoStep
		case <-m.quit:
			return
		}
	}
}

// addMedia sends the source's tracks over the link, once.
func (l *Link) addMedia() {
	if l.sending {
		return
	}
	l.sending = true
	for _, track := range []webrtc.TrackLocal{l.peer.media.audio, l.peer.media.video} {
		sender, err := l.pc.AddTrack(track)
		if err != nil {
			l.fail(err)
			return
		}
		l.readers.Go(func() { drain(sender) })
	}
}

// drain reads the RTCP that comes back: reading is what lets pion act on it.
func drain(s *webrtc.RTPSender) {
	buf := make([]byte, 1500)
	for {
		if _, _, err := s.Read(buf); err != nil {
			return
		}
	}
}

// count counts the packets of a track until it ends.
func (l *Link) count(t *webrtc.TrackRemote) {
	l.readers.Go(func() {
		for {
			if _, _, err := t.ReadRTP(); err != nil {
				return
			}
			l.update(func(s *Status) {
				if t.Kind() == webrtc.RTPCodecTypeAudio {
					s.Audio++
				} else {
					s.Video++
				}
			})
		}
	})
}
