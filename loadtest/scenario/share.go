package scenario

import "math"

// Share is what one of several machines has of a load. The zero value is all of it.
type Share struct {
	Index int `json:"index"` // from 0
	Of    int `json:"of"`
}

// Count is the share of a number: those of all machines add up to it.
func (s Share) Count(n int) int {
	_, to := s.bounds()
	return int(math.Round(float64(n)*to)) - s.Before(n)
}

// Before is what the machines before this one have of a number.
func (s Share) Before(n int) int {
	from, _ := s.bounds()
	return int(math.Round(float64(n) * from))
}

// Rate is the share of a rate.
func (s Share) Rate(perSecond float64) float64 { return perSecond / s.machines() }

// bounds are where the share lies in the whole, which is 1.
func (s Share) bounds() (from, to float64) {
	return float64(s.Index) / s.machines(), float64(s.Index+1) / s.machines()
}

func (s Share) machines() float64 { return float64(max(s.Of, 1)) }

// cut is the share of a layer.
func (s Share) cut(l layer) layer {
	from, to := s.bounds()
	height := l.top - l.bottom
	l.users = l.top / s.machines()
	l.bottom, l.top = l.bottom+height*from, l.bottom+height*to
	return l
}
