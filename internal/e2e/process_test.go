package e2e

import "testing"

// TestProcess runs the built binary as an operator does. It is built once.
func TestProcess(t *testing.T) {
	binary := buildBinary(t)
	for name, test := range map[string]func(t *testing.T, binary string){
		"two peers call each other":         processCall,
		"killed while clients write":        processKilled,
		"killed, and a missed call to tell": processMissed,
		"behind the load balancer":          processBalanced,
		"told to stop":                      processTerminated,
		"not ready while it stops":          processDraining,
		"told to stop twice":                processStoppedAtOnce,
		"stopping takes longer than it may": processOutOfGrace,
		"cannot start":                      processCannotStart,
		"logs in JSON":                      processLogsJSON,
		"idle sockets have no goroutine":    processIdle,
		"idle under TLS, and a renewal":     processTLS,
	} {
		t.Run(name, func(t *testing.T) { test(t, binary) })
	}
}
