// Package audience is sockets that listen and say nothing, for the loads whose
// subject is the sockets themselves.
//
// Purpose: let tens of thousands come, stay, be lost and come back, and know of each
// whether it is there.
//
// Owns: their users and rooms, the crowd that they are in, and what is recorded of
// their coming, staying and going.
//
// Does not: say when any of that is to happen.
//
// Concurrency: the methods of an Audience are for one goroutine. What comes from the
// server is taken on the crowd's goroutines.
package audience
