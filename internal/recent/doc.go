// Package recent remembers what was looked up a moment ago.
//
//	mark := Begin() ──▶ the look-up ──▶ Put(key, value, mark)
//	Get(key) ──▶ the value, while it is young and all that it rests on holds
//	End(right) ──▶ whatever rests on the right is gone, look-ups under way included
//
// Purpose: answer again what the store has just answered, without asking it and
// without waiting, and never with what has ended meanwhile.
//
// Owns: the bound on what is kept, its age, and the rule by which an ending and
// a look-up that cross are told apart.
//
// Does not: look anything up, remember that something is not so, or know what
// the facts and rights mean.
//
// Concurrency: Facts may be used from any goroutine. Every method holds one
// mutex for a few map operations, and waits for nothing else.
package recent
