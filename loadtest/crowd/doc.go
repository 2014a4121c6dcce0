// Package crowd keeps WebSockets by the ten thousand in one process.
//
// Purpose: let one client machine go far: a socket that is at rest costs a small
// struct and no goroutine.
//
//	Crowd ─▶ Socket    one WebSocket, on an epoll set of Linux
//	      ─▶ Session   a client who comes back on another socket when one is lost
//
// Owns: non-blocking sockets and the loops that serve them, source addresses when
// the ports of one are used up, the opening handshake and the frames of a client
// (RFC 6455), what a client must know to return to its session. Behind TLS, and on
// other systems than Linux, the same on coder/websocket and goroutines.
//
// Does not: know what frames mean beyond welcome and reconnect; compress; judge.
//
// Concurrency: all may be used from any goroutine, and nothing but New and Close
// waits. Listeners and Guests are called one at a time for each socket, on
// goroutines that serve many: they must not wait either.
package crowd
