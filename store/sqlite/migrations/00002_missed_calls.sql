-- +goose Up
CREATE TABLE missed_calls (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id    INTEGER NOT NULL,
    user_id    INTEGER NOT NULL, -- who missed it
    caller_id  INTEGER NOT NULL REFERENCES users (id),
    told       INTEGER NOT NULL DEFAULT 0, -- 1: pushed to the user, or about to be
    seen       INTEGER NOT NULL DEFAULT 0, -- 1: the user said so
    created_at INTEGER NOT NULL,
    FOREIGN KEY (room_id, user_id) REFERENCES participants (room_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX missed_calls_by_user ON missed_calls (user_id); -- then by id
CREATE INDEX missed_calls_by_participant ON missed_calls (room_id, user_id);
CREATE INDEX missed_calls_untold ON missed_calls (user_id) WHERE told = 0;

-- +goose Down
DROP TABLE missed_calls;
