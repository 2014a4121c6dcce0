-- Times are Unix milliseconds in UTC; 0 is never. Ids are never used twice.

-- +goose Up
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE, -- folded: equal without regard to case
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE, -- folded
    display_name  TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash       BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE tickets (
    hash       BLOB    PRIMARY KEY,
    token_id   INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_by_token ON tickets (token_id);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);

CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    owner_id   INTEGER NOT NULL REFERENCES users (id),
    private    INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL DEFAULT 0, -- of the newest message
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    active_at  INTEGER NOT NULL            -- last message or update: the order of room lists
) STRICT;

CREATE TABLE participants (
    id        INTEGER PRIMARY KEY, -- the order of joining
    room_id   INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL REFERENCES users (id),
    read_seq  INTEGER NOT NULL,    -- the read marker
    joined_at INTEGER NOT NULL,
    UNIQUE (room_id, user_id)
) STRICT;
CREATE INDEX participants_in_order ON participants (room_id); -- then by id
CREATE INDEX participants_by_user ON participants (user_id);

CREATE TABLE messages (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id       INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    seq           INTEGER NOT NULL,
    author_id     INTEGER NOT NULL REFERENCES users (id),
    content       TEXT    NOT NULL,
    client_msg_id TEXT    NOT NULL DEFAULT '', -- empty: none
    created_at    INTEGER NOT NULL,
    edited_at     INTEGER NOT NULL DEFAULT 0,
    deleted_at    INTEGER NOT NULL DEFAULT 0,
    changed_at    INTEGER NOT NULL DEFAULT 0,  -- the later of the two above
    UNIQUE (room_id, seq)
) STRICT;
CREATE UNIQUE INDEX messages_by_client_msg_id ON messages (room_id, author_id, client_msg_id) WHERE client_msg_id <> '';
CREATE INDEX messages_by_change ON messages (room_id, changed_at, seq) WHERE changed_at > 0;

-- +goose Down
DROP TABLE messages;
DROP TABLE participants;
DROP TABLE rooms;
DROP TABLE tickets;
DROP TABLE tokens;
DROP TABLE users;
