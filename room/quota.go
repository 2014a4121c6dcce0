package room

import "sync"

// quota counts each user's sessions on this node, where that is limited.
type quota struct {
	most int // static; 0: not limited, nothing is counted

	mu    sync.Mutex
	count map[int64]int // guarded by mu
}

func (q *quota) acquire(userID int64) bool {
	if q.most == 0 {
		return true
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count[userID] >= q.most {
		return false
	}
	if q.count == nil {
		q.count = make(map[int64]int)
	}
	q.count[userID]++
	return true
}

func (q *quota) release(userID int64) {
	if q.most == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count[userID]--; q.count[userID] <= 0 {
		delete(q.count, userID)
	}
}

// of is how many sessions of a user are counted.
func (q *quota) of(userID int64) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.count[userID]
}
