package api

import (
	"math"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/protocol"
	"parley/store"
)

// List is a part of a list, and where the parts beside it are.
type List[T any] struct {
	Count    int     `json:"count" doc:"How many there are in all."`
	Next     *string `json:"next" doc:"The URL of the next part, or null." format:"uri"`
	Previous *string `json:"previous" doc:"The URL of the part before, or null." format:"uri"`
	Results  []T     `json:"results" nullable:"false"`
}

// PageQuery selects a part of a list by its number.
type PageQuery struct {
	Page     int64 `query:"page" default:"1" minimum:"1" doc:"Which page; past the last one results are empty."`
	PageSize int64 `query:"page_size" default:"20" minimum:"1" doc:"Results on a page; above 100 means 100."`

	at url.URL // of the request
}

// Resolve implements huma.Resolver.
func (q *PageQuery) Resolve(ctx huma.Context) []error {
	r, _ := humago.Unwrap(ctx)
	q.at = *r.URL
	q.at.Scheme, q.at.Host = scheme(r), r.Host
	return nil
}

func (q *PageQuery) size() int64 { return min(q.PageSize, protocol.MaxPageSize) }

// slice is the page as the store counts. A page number that would overflow is
// past any list's end, as the greatest offset is.
func (q *PageQuery) slice() store.Page {
	offset := int64(math.MaxInt64)
	if q.Page-1 <= math.MaxInt64/q.size() {
		offset = (q.Page - 1) * q.size()
	}
	return store.Page{Offset: int(offset), Limit: int(q.size())}
}

// with is the URL of the request with one parameter changed.
func (q *PageQuery) with(key string, value int64) *string {
	values := q.at.Query()
	values.Set(key, strconv.FormatInt(value, 10))
	u := q.at
	u.RawQuery = values.Encode()
	s := u.String()
	return &s
}

// paged makes the answer to q from a page of results out of total.
func paged[T any](q *PageQuery, results []T, total int) *reply[List[T]] {
	l := List[T]{Count: total, Results: orEmpty(results)}
	last := max(1, (int64(total)+q.size()-1)/q.size())
	if q.Page < last {
		l.Next = q.with("page", q.Page+1)
	}
	if q.Page > 1 {
		l.Previous = q.with("page", min(q.Page-1, last))
	}
	return answer(l)
}

// orEmpty keeps an empty list from being sent as null.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
