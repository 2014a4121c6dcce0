package protocol

import "strconv"

// User is a user as others see them.
type User struct {
	ID          int64  `json:"id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
}

func (u User) appendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, u.ID, 10)
	b = append(b, `,"username":`...)
	b = appendString(b, u.Username)
	b = append(b, `,"display_name":`...)
	b = appendString(b, u.DisplayName)
	return append(b, '}')
}

// Account is a user as they see themselves (GET /api/auth/me/).
type Account struct {
	ID          int64  `json:"id"`
	Username    string `json:"username"`
	Email       string `json:"email"`
	DisplayName string `json:"display_name"`
	CreatedAt   Time   `json:"created_at"`
}
