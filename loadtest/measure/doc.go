// Package measure is what a load test records.
//
// Purpose: one place for all that the workers of a load see, cheap enough to be
// called for every frame, and honest about time: a latency counts from the moment
// that a step should have begun, so that a stalled server cannot hide behind the
// requests that were not sent meanwhile (coordinated omission).
//
//	Recorder ─▶ Stage    what succeeded and how long it took, what failed and why
//	         ─▶ Count    what adds up
//	         ─▶ Gauge    what is so now
//	         ─▶ Fault    what a correct server never does
//	         ─▶ Warn     what a reader must know of the figures
//	         ─▶ Snapshot all of it as plain data, which can be merged and stored
//
// Owns: the histograms, the bounds on causes and examples, and the time series of
// a sample per Sample call, which is to be made once a second.
//
// Does not: watch the clock, or judge what is good enough.
//
// Concurrency: a Recorder and a Stage may be used from any goroutine, but Sample by
// one at a time; a Snapshot belongs to who took it.
package measure
