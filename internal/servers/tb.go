package servers

import "fmt"

// TB is what the servers need of a test: any testing.TB does, and what Main
// hands to its setup.
type TB interface {
	Helper()
	Cleanup(end func())
	// Fatalf ends the test, or does not return in another way.
	Fatalf(format string, args ...any)
}

// Tests are what TestMain runs: a *testing.M.
type Tests interface{ Run() int }

// Main has setup start the servers that all tests of a package share. Its Run
// ends them when the tests are over, and before anybody looks for leaks:
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(servers.Main(m, setup)) }
func Main(tests Tests, setup func(TB)) Tests { return &mainScope{tests: tests, setup: setup} }

// mainScope stands in for a test while there is none. It is used by TestMain's
// goroutine only.
type mainScope struct {
	tests Tests
	setup func(TB)
	ends  []func()
}

// Run implements Tests.
func (s *mainScope) Run() int {
	defer func() {
		for i := len(s.ends) - 1; i >= 0; i-- {
			s.ends[i]()
		}
	}()
	s.setup(s)
	return s.tests.Run()
}

// Helper implements TB.
func (s *mainScope) Helper() {}

// Cleanup implements TB.
func (s *mainScope) Cleanup(end func()) { s.ends = append(s.ends, end) }

// Fatalf implements TB. Run's deferred ends still come.
func (s *mainScope) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
