// Package chat is the load of chat rooms in which every delivery is checked.
//
// Purpose: rooms of many sizes, full of people who write, type, read slowly and
// lose their connection, at a rate that does not depend on the server's answers.
//
//	Options ─▶ rooms, users, sockets (crowd)
//	pace    ─▶ say, type ─▶ server ─▶ every member ─▶ judge ─▶ faults
//
// Owns: the plan of rooms and sizes, the pace, who is slow and who is cut when, and
// what is recorded of it. Its judge is a package of its own.
//
// Does not: decide what a fault is (judge), or how a client returns (crowd).
//
// Concurrency: Run may be called once for each Load. Frames come on the crowd's
// goroutines; what a room knows is guarded by its lock.
package chat
