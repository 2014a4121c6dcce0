// Package browser tests whole nodes from real browsers.
//
// Purpose: prove what people see. Each test sets a stage and runs a script of
// web/e2e on it, which drives Chromium as its users would:
//
//	Test ─▶ Stage: node, sites of other origins, TURN relay, control server
//	  └──▶ node web/e2e/<script>.mjs ─▶ Chromium ─▶ page ─▶ (proxy) ─▶ the node
//	            └─▶ control server: restart the node, break a network, add a pion peer
//
// Owns: the stage and its control server; the processes of a script, of which none
// outlives it.
//
// Does not: contain anything but tests, or judge what scripts see: they do.
//
// Concurrency: each test has its own stage and browser; tests run one by one, as
// a browser wants all there is of a small machine.
package browser
