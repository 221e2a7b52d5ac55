package punctual

import (
	"context"
	"iter"
)

// Page is a part of a list, newest first.
type Page[Item any] struct {
	Data []Item `json:"data"`
	// NextCursor names the next page as cursor; it is nil on the last one.
	NextCursor *string `json:"next_cursor"`
}

// Pages is a list of the API, newest first.
type Pages[Item any] struct {
	load func(cursor string) (*Page[Item], error)
}

// Page answers one page alone: that of the query's cursor, or the first one.
func (p Pages[Item]) Page() (*Page[Item], error) {
	return p.load("")
}

// All goes through all items, and asks for the next page when it is needed. An error is the last thing that it yields.
func (p Pages[Item]) All() iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for cursor := ""; ; {
			page, err := p.load(cursor)
			if err != nil {
				var none Item
				yield(none, err)
				return
			}
			for _, item := range page.Data {
				if !yield(item, nil) {
					return
				}
			}
			if page.NextCursor == nil {
				return
			}
			cursor = *page.NextCursor
		}
	}
}

func list[Item any](ctx context.Context, t *transport, path string, filters any, options []CallOption) Pages[Item] {
	return Pages[Item]{func(cursor string) (*Page[Item], error) {
		address, err := withQuery(path, filters, cursor)
		if err != nil {
			return nil, err
		}
		return get[Page[Item]](ctx, t, address, options)
	}}
}
