package punctual

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// FeedChange is a task run as it is now, or a delivery attempt; the other one is nil.
type FeedChange struct {
	Run     *FeedRun
	Attempt *FeedAttempt
	page    *FeedPage
}

// UnmarshalJSON leaves a change of a kind that it does not know empty.
func (f *FeedChange) UnmarshalJSON(text []byte) error {
	var line struct{ Type string }
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	switch line.Type {
	case string(FeedRunTypeTaskRun):
		return json.Unmarshal(text, &f.Run)
	case string(FeedAttemptTypeDeliveryAttempt):
		return json.Unmarshal(text, &f.Attempt)
	case string(FeedPageTypePage):
		return json.Unmarshal(text, &f.page)
	}
	return nil
}

// Feed tells task runs and delivery attempts as they change, from a minute ago or from Since on, until the loop is left. It asks again
// after this time, two seconds if it is 0, and at once while there is more. An error is the last thing that it yields.
func (c *Client) Feed(ctx context.Context, filters GetFeedQuery, every time.Duration, options ...CallOption) iter.Seq2[FeedChange, error] {
	if every <= 0 {
		every = 2 * time.Second
	}
	return func(yield func(FeedChange, error) bool) {
		for {
			next := time.Now().Add(every)
			lines, err := feedPage(ctx, c.transport, filters, options)
			if err != nil {
				yield(FeedChange{}, err)
				return
			}
			for _, line := range lines {
				if line.page != nil {
					filters.Since, filters.Cursor = Moment{}, line.page.Data.Cursor
					if line.page.Data.More {
						next = time.Now()
					}
				} else if !yield(line, nil) {
					return
				}
			}
			if err := sleep(ctx, time.Until(next)); err != nil {
				yield(FeedChange{}, err)
				return
			}
		}
	}
}

func feedPage(ctx context.Context, t *transport, filters GetFeedQuery, options []CallOption) ([]FeedChange, error) {
	path, err := withQuery("/v1/feed", filters, "")
	if err != nil {
		return nil, err
	}
	lines, err := get[[]FeedChange](ctx, t, path, options)
	if err != nil {
		return nil, err
	}
	return *lines, nil
}
