package configs

import "time"

// Auth configures passwords and tickets.
type Auth struct {
	HashConcurrency int           `mapstructure:"hash_concurrency" about:"Passwords hashed at once, each of which takes auth.argon2.memory_kib; 0: one for each CPU."`
	HashQueue       int           `mapstructure:"hash_queue" about:"Requests that may wait for their password to be hashed; more are told to come back later."`
	TicketTTL       time.Duration `mapstructure:"ticket_ttl" about:"Life of a one-time ticket for opening a WebSocket."`
	Argon2          Argon2        `mapstructure:"argon2"`
}

// Argon2 holds the cost of argon2id (RFC 9106, section 3.1) for new passwords;
// stored ones are checked with the cost they were made with.
type Argon2 struct {
	MemoryKiB int `mapstructure:"memory_kib" about:"Memory of one argon2id hash, in KiB."`
	Time      int `mapstructure:"time" about:"Passes over that memory."`
	Threads   int `mapstructure:"threads" about:"Lanes of one hash."`
}

func defaultAuth() Auth {
	return Auth{
		HashQueue: 64,               // at some 30 ms each, the last of them waits for seconds, not minutes
		TicketTTL: 30 * time.Second, // as long as a page may take from asking to connecting
		Argon2: Argon2{ // OWASP's second choice of equal strength: least memory for each login
			MemoryKiB: 19456,
			Time:      2,
			Threads:   1,
		},
	}
}

func (a Auth) validate(bad report) {
	wantInt(bad, "auth.hash_concurrency", a.HashConcurrency, 0, 1024)
	wantInt(bad, "auth.hash_queue", a.HashQueue, 0, 100_000)
	wantTime(bad, "auth.ticket_ttl", a.TicketTTL, time.Second, time.Hour)
	wantInt(bad, "auth.argon2.threads", a.Argon2.Threads, 1, 255) // one byte in golang.org/x/crypto/argon2
	wantInt(bad, "auth.argon2.time", a.Argon2.Time, 1, 1000)
	// RFC 9106, section 3.1: at least 8 KiB for each lane. At most 4 GiB.
	wantInt(bad, "auth.argon2.memory_kib", a.Argon2.MemoryKiB, 8*max(a.Argon2.Threads, 1), 4<<20)
}
