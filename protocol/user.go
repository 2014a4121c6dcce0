package protocol

// User is a user as others see them.
type User struct {
	ID          int64  `json:"id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
}

// Account is a user as they see themselves (GET /api/auth/me/).
type Account struct {
	ID          int64  `json:"id"`
	Username    string `json:"username"`
	Email       string `json:"email"`
	DisplayName string `json:"display_name"`
	CreatedAt   Time   `json:"created_at"`
}
