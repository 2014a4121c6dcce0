package agents

import (
	"time"

	"parley/loadtest/health"
	"parley/loadtest/measure"
	"parley/loadtest/plan"
	"parley/loadtest/report"
)

// What coordinator and agents say to each other:
//
//	GET    /v1/agent            ─▶ greeting
//	POST   /v1/runs   order     ─▶ 201; 409 while there is another run, 422 if it is refused
//	POST   /v1/runs/{id}/start  start ─▶ 204
//	GET    /v1/runs/{id}?after=N ─▶ state, with the series from its Nth sample
//	DELETE /v1/runs/{id}        ─▶ 204; the load ends, and its state can still be asked for
//
// Errors are problem. Who has no token gets 401.
type greeting struct {
	Tool report.Tool `json:"tool"`
	Busy bool        `json:"busy"`
}

// order is a share of a load, and against what it is to run.
type order struct {
	ID     string    `json:"id"` // of the run, made up by the coordinator
	Plan   plan.Plan `json:"plan"`
	URLs   []string  `json:"urls"`
	Tokens []string  `json:"tokens,omitempty"` // of users; none: they sign up
	Prefix string    `json:"prefix"`
}

// start says when: from the moment that it is read, since clocks differ.
type start struct {
	In time.Duration `json:"in"`
}

// state is how a run stands.
type state struct {
	Over     bool             `json:"over"`
	Stopped  bool             `json:"stopped"`          // it was over before its end
	Failed   string           `json:"failed,omitempty"` // why it could not run
	Recorded measure.Snapshot `json:"recorded"`
	Client   health.Health    `json:"client"` // when it is over
}

// problem is what was wrong with a request.
type problem struct {
	Detail string `json:"detail"`
}

// Times. An agent whose coordinator is gone has ended its load after lease; one that
// has not answered for as long is not waited for.
const (
	pulse       = time.Second      // from one question to the next
	lease       = 5 * time.Second  // without a question
	answerTime  = 4 * time.Second  // of one request
	soon        = time.Second      // from the orders to the start
	partingTime = 90 * time.Second // for a run that was told to end
)

// Sizes, in bytes.
const (
	mostOrder = 16 << 20
	mostState = 64 << 20
)
