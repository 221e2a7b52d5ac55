// Holds the double of the client for Go against what the double of the client for JavaScript does.
package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"punctual.example/punctual"
	"punctual.example/punctual/punctualtest"
)

var ctx = context.Background()

func must[Answer any](answer Answer, err error) Answer {
	if err != nil {
		panic(err)
	}
	return answer
}

func expect(what string, holds bool) {
	if !holds {
		panic(what)
	}
}

func names(pages punctual.Pages[punctual.TaskRun]) string {
	found := []string{}
	for run, err := range pages.All() {
		found = append(found, *must(run, err).Name)
	}
	return strings.Join(found, " ")
}

func main() {
	double := punctualtest.NewDouble()
	once := punctual.IdempotencyKey("k")
	double.FailNext(503, "Failed by the test.")
	task := punctual.NewTask{Name: "a", EndpointID: "ep_1", Payload: map[string]int{"a": 1}}
	first := must(double.Tasks.Create(ctx, task, once))
	expect("the first answer", must(double.Tasks.Create(ctx, task, once)).ID == first.ID)
	must(double.Tasks.Batch(ctx, []punctual.NewTask{{Name: "b", EndpointID: "ep_2"}}))
	must(double.Tasks.Create(ctx, punctual.NewTask{
		Name: "c", EndpointID: "ep_1", Labels: map[string]string{"team": "a"}, DelaySeconds: punctual.Ptr(60.0),
	}))
	sent := double.SentTasks()
	expect("three tasks", len(sent) == 3 && sent[0].Name+sent[1].Name+sent[2].Name == "abc")
	expect("the request", double.Sent()[0].Path == "/v1/tasks" && double.Sent()[0].IdempotencyKey == "k")

	size := punctual.Int
	expect("the newest first", names(double.Tasks.List(ctx, punctual.ListTasksQuery{PageSize: size(2)})) == "c b a")
	page := must(double.Tasks.List(ctx, punctual.ListTasksQuery{PageSize: size(2)}).Page())
	expect("a page of two", len(page.Data) == 2)
	filtered := punctual.ListTasksQuery{EndpointID: "ep_1", PageSize: size(1)}
	expect("a filter", names(double.Tasks.List(ctx, filtered)) == "c a")
	expect("a label", names(double.Tasks.List(ctx, punctual.ListTasksQuery{Label: []string{"team:a"}})) == "c")

	expect("an end", must(double.Tasks.Cancel(ctx, first.ID)).Status == punctual.RunStatusCancelled)
	_, err := double.Tasks.Cancel(ctx, first.ID)
	var conflict *punctual.ConflictError
	expect("one end", errors.As(err, &conflict) && err.Error() == "The task run is cancelled already.")

	expect("a wait", must(double.Tasks.Wait(ctx, first.ID, 0)).Status == punctual.RunStatusCancelled)
	expect("an origin", *must(double.Tasks.Resend(ctx, first.ID, punctual.Resending{Payload: 2})).ResentFrom == first.ID)

	endpoint := must(double.Endpoints.Create(ctx, punctual.NewEndpoint{Name: "e", URL: "https://a.example", SigningSecret: "own"}))
	expect("an own secret", endpoint.SigningSecret == "own" && endpoint.TimeoutMs == 10_000)
	paused := punctual.EndpointPatch{Status: punctual.EndpointStatusPaused}
	expect("a pause", must(double.Endpoints.Update(ctx, endpoint.ID, paused)).Status == punctual.EndpointStatusPaused)
	schedule := must(double.Schedules.Create(ctx, punctual.NewSchedule{Name: "s", Cron: "0 3 * * *", EndpointID: endpoint.ID}))
	made := must(double.Schedules.Run(ctx, schedule.ID))
	for run, err := range double.Schedules.Runs(ctx, schedule.ID, punctual.ListScheduleRunsQuery{}).All() {
		expect("the schedule's run", must(run, err).ID == made.ID)
	}
	double.End(made.ID, punctual.RunStatusDeadLetter)
	letters := must(double.DeadLetters.List(ctx, punctual.ListDeadLettersQuery{Status: punctual.DeadLetterStatusOpen}).Page()).Data
	expect("a letter", len(letters) == 1 && letters[0].TaskID == made.ID)
	expect("a replay", must(double.DeadLetters.Replay(ctx, letters[0].ID)).Status == punctual.RunStatusPending)
	expect("a note", *must(double.DeadLetters.Resolve(ctx, letters[0].ID, punctual.Resolution{Note: "n"})).Note == "n")
	past := punctual.NewBackfill{From: time.Unix(0, 0), DryRun: punctual.Ptr(true)}
	expect("a backfill", must(double.Schedules.Backfill(ctx, schedule.ID, past)).DryRun)
	must(0, double.Schedules.Delete(ctx, schedule.ID))
	expect("no schedule", len(must(double.Schedules.List(ctx, punctual.ListSchedulesQuery{}).Page()).Data) == 0)
	expect("a policy", must(double.RetryPolicies.Create(ctx, punctual.NewRetryPolicy{Name: "p"})).MaxAttempts == 6)
	event := must(double.Events.Publish(ctx, punctual.NewEvent{EventName: "a.b", Payload: 1}))
	expect("an event", event.Status == punctual.EventStatusCompleted)
	run := must(double.Tasks.Create(ctx, punctual.NewTask{Target: &punctual.NewTarget{URL: "https://a.example"}}))
	expect("a target", *run.Target.Method == punctual.HTTPMethodPOST && run.Target.TimeoutMs == 10_000)

	put := must(double.Endpoints.Put(ctx, "own", punctual.PutEndpoint{
		URL: "https://a.example", TimeoutMs: punctual.Int(500), Status: punctual.EndpointStatusPaused,
	}))
	again := must(double.Endpoints.Put(ctx, "own", punctual.PutEndpoint{Name: "shown", URL: "https://b.example"}))
	expect("one object", again.ID == put.ID && put.SigningSecret != "" && again.SigningSecret == "")
	expect("a whole replacement", again.TimeoutMs == 10_000 && again.Status == punctual.EndpointStatusPaused)
	expect("a key", must(double.Endpoints.GetByKey(ctx, "own")).Name == "shown")
	for q, wanted := range map[string]string{
		put.ID: "endpoint id", "ow": "endpoint key", "show": "endpoint name", "team:": "task label", "a.b": "", "n": "",
	} {
		found := []string{}
		for _, one := range must(double.Search(ctx, q)) {
			found = append(found, string(one.Kind)+" "+string(one.By))
		}
		expect("what "+q+" finds", strings.Join(found, ", ") == wanted)
	}
	must(0, double.Endpoints.DeleteByKey(ctx, "own"))
	expect("a free key", len(must(double.Search(ctx, "own"))) == 0)

	many := punctualtest.NewDouble()
	runs := []string{}
	for _, team := range []string{"a", "a", "b"} {
		task := punctual.NewTask{EndpointID: "ep_1", Labels: map[string]string{"team": team}}
		runs = append(runs, must(many.Tasks.Create(ctx, task)).ID)
	}
	team := punctual.NewBulkCancel{Labels: map[string]string{"team": "a"}}
	expect("a count", must(many.Tasks.CancelAllDryRun(ctx, team)).Count == 2)
	job := must(many.Tasks.CancelAll(ctx, punctual.NewBulkCancel{Ids: runs[:1]}))
	expect("a job", job.Done == 1 && must(many.BulkJob(ctx, job.ID)).Done == 1)
	for _, run := range runs[1:] {
		many.End(run, punctual.RunStatusDeadLetter)
	}
	ids := punctual.NewBulkReplay{Ids: []string{strings.Replace(runs[1], "run_", "dl_", 1)}}
	expect("a bulk replay", must(many.DeadLetters.ReplayAll(ctx, ids)).Replayed == 1)
	resolution := punctual.NewBulkResolution{Note: "by hand"}
	expect("a bulk resolution", must(many.DeadLetters.ResolveAll(ctx, resolution)).Done == 1)

	fed := punctualtest.NewDouble()
	watched := must(fed.Tasks.Create(ctx, punctual.NewTask{EndpointID: "ep_1", Labels: map[string]string{"team": "a"}})).ID
	must(fed.Tasks.Create(ctx, punctual.NewTask{EndpointID: "ep_1", Labels: map[string]string{"team": "b"}}))
	told := []string{}
	feed := punctual.GetFeedQuery{Label: []string{"team:a"}, Type: "task_run", WaitSeconds: punctual.Int(1)}
	for change, err := range fed.Feed(ctx, feed, time.Millisecond) {
		run := must(change, err).Run
		told = append(told, fmt.Sprintf("%t %s %d", run.Data.ID == watched, run.Data.Status, run.Version))
		if len(told) == 2 {
			break
		}
		fed.End(watched, punctual.RunStatusSuccess)
	}
	expect("the feed: "+strings.Join(told, ", "), strings.Join(told, ", ") == "true pending 1, true success 2")

	_, err = double.Tasks.Get(ctx, "run_2")
	var missing *punctual.NotFoundError
	expect("a 404", errors.As(err, &missing))
	_, err = double.Usage(ctx)
	var refused *punctual.APIError
	expect("a 501", errors.As(err, &refused) && refused.Code() == "not_in_the_double")
}
