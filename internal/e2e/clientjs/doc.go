// Package clientjs tests the browser client library against whole nodes.
//
// Purpose: prove what a page may rely on, by the library itself: that what is sent
// is shown once and in order, whatever happens to sockets and nodes. Scripts in
// testdata run it in Node.js, over sockets that the tests break.
//
// Owns: the harness that runs such a script beside a node, or beside processes of
// this test binary that are nodes of one service and can be killed.
//
// Does not: contain anything but tests, or need a browser.
//
// Concurrency: each test has its own nodes, proxies and Node.js.
package clientjs
