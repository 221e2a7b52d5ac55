// Does what the shared table says, and prints what came of it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"punctual.example/punctual"
)

type object = map[string]any

type callCase struct {
	URL, Call string
	Options   struct {
		Retries        int
		TimeoutMs      int64  `json:"timeout_ms"`
		IdempotencyKey string `json:"idempotency_key"`
	}
}

type verifyCase struct {
	Headers          map[string]string
	Body             string
	Secrets          []string
	Now              int64
	ToleranceSeconds int64 `json:"tolerance_seconds"`
}

func called(c *punctual.Client, call, key string) (object, error) {
	ctx, ids := context.Background(), []string{}
	switch call {
	case "create":
		options := []punctual.CallOption{}
		if key != "" {
			options = append(options, punctual.IdempotencyKey(key))
		}
		task := punctual.NewTask{EndpointID: "ep_1", Payload: object{"a": "<ü>"}}
		run, err := c.Tasks.Create(ctx, task, options...)
		if err != nil {
			return nil, err
		}
		return object{"id": run.ID}, nil
	case "get", "escape":
		id := map[string]string{"get": "run_1", "escape": "a/..?b"}[call]
		run, err := c.Tasks.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		return object{"id": run.ID}, nil
	case "cancel":
		run, err := c.Tasks.Cancel(ctx, "run_1")
		if err != nil {
			return nil, err
		}
		return object{"id": run.ID}, nil
	case "unset":
		changes := punctual.EndpointPatch{Status: punctual.EndpointStatusPaused}
		endpoint, err := c.Endpoints.Update(ctx, "ep_1", changes, punctual.Null("rate_limit_per_second"))
		if err != nil {
			return nil, err
		}
		return object{"id": endpoint.ID}, nil
	case "delete":
		return object{}, c.Schedules.Delete(ctx, "sch_1")
	case "usage":
		_, err := c.Usage(ctx)
		return object{}, err
	case "items":
		filters := punctual.ListTasksQuery{
			Status: punctual.RunStatusPending,
			Label:  []string{"a:1", "b:2"},
			Since:  time.Date(2026, 11, 30, 0, 0, 0, 125_000_000, time.UTC),
		}
		for run, err := range c.Tasks.List(ctx, filters).All() {
			if err != nil {
				return nil, err
			}
			ids = append(ids, run.ID)
		}
		return object{"ids": ids}, nil
	case "first":
		for run, err := range c.Tasks.List(ctx, punctual.ListTasksQuery{}).All() {
			if err != nil {
				return nil, err
			}
			return object{"ids": []string{run.ID}}, nil
		}
	case "feed":
		filters := punctual.GetFeedQuery{Label: []string{"a:1"}, Since: time.Date(2026, 11, 30, 0, 0, 0, 125_000_000, time.UTC)}
		for change, err := range c.Feed(ctx, filters, 500*time.Millisecond) {
			if err != nil {
				return nil, err
			}
			if change.Run != nil {
				ids = append(ids, change.Run.Data.ID)
			} else {
				ids = append(ids, change.Attempt.Data.ID)
			}
			if len(ids) == 3 {
				return object{"ids": ids}, nil
			}
		}
	case "page":
		page, err := c.Tasks.List(ctx, punctual.ListTasksQuery{PageSize: punctual.Int(2), Cursor: "run_4"}).Page()
		if err != nil {
			return nil, err
		}
		for _, run := range page.Data {
			ids = append(ids, run.ID)
		}
		return object{"ids": ids, "next_cursor": page.NextCursor}, nil
	}
	panic("no such call: " + call)
}

func typeOf(err error) string {
	var invalid *punctual.InvalidRequestError
	var unauthenticated *punctual.UnauthenticatedError
	var forbidden *punctual.ForbiddenError
	var notFound *punctual.NotFoundError
	var conflict *punctual.ConflictError
	var tooMany *punctual.TooManyRequestsError
	var unreachable *punctual.UnreachableError
	switch {
	case errors.As(err, &invalid):
		return "InvalidRequestError"
	case errors.As(err, &unauthenticated):
		return "UnauthenticatedError"
	case errors.As(err, &forbidden):
		return "ForbiddenError"
	case errors.As(err, &notFound):
		return "NotFoundError"
	case errors.As(err, &conflict):
		return "ConflictError"
	case errors.As(err, &tooMany):
		return "TooManyRequestsError"
	case errors.As(err, &unreachable):
		return "UnreachableError"
	}
	return "ApiError"
}

func told(err error) object {
	var refused *punctual.APIError
	if !errors.As(err, &refused) {
		return object{"error": object{"type": typeOf(err)}}
	}
	shown := object{
		"type": typeOf(err), "status": refused.Status(), "code": refused.Code(), "message": err.Error(),
		"faults": append([]punctual.Fault{}, refused.Faults()...), "request_id": refused.RequestID(), "retry_after_seconds": nil,
	}
	if refused.RetryAfter != nil {
		shown["retry_after_seconds"] = refused.RetryAfter.Seconds()
	}
	return object{"error": shown}
}

func verified(one verifyCase) object {
	header := http.Header{}
	for name, value := range one.Headers {
		header.Set(name, value)
	}
	check := punctual.Verification{
		Secrets:   one.Secrets,
		Tolerance: time.Duration(one.ToleranceSeconds) * time.Second,
		Now:       time.Unix(one.Now, 0),
	}
	call, err := check.Check(header, []byte(one.Body))
	var fault *punctual.SignatureError
	if errors.As(err, &fault) {
		return object{"reason": fault.Reason}
	}
	if err != nil {
		return told(err)
	}
	var payload any
	if err := call.JSON(&payload); err != nil {
		return told(err)
	}
	return object{
		"id": call.ID, "signed_at": call.SignedAt.Unix(), "attempt": call.Attempt, "scheduled_for": call.ScheduledFor.Unix(),
		"schedule_id": call.ScheduleID, "event_name": call.EventName, "event_key": call.EventKey, "json": payload,
	}
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var table struct {
		Calls         []callCase
		Verifications []verifyCase
	}
	if err := json.Unmarshal(text, &table); err != nil {
		panic(err)
	}
	outcomes := map[string][]object{"calls": {}, "verifications": {}}
	for _, one := range table.Calls {
		c := punctual.New(punctual.Options{
			URL: one.URL, APIKey: "sk_1", Retries: one.Options.Retries, Timeout: time.Duration(one.Options.TimeoutMs) * time.Millisecond,
		})
		outcome, err := called(c, one.Call, one.Options.IdempotencyKey)
		if err != nil {
			outcome = told(err)
		}
		outcomes["calls"] = append(outcomes["calls"], outcome)
	}
	for _, one := range table.Verifications {
		outcomes["verifications"] = append(outcomes["verifications"], verified(one))
	}
	shown, err := json.Marshal(outcomes)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(shown))
}
