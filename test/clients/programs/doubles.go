// Holds the double of the client for Go against what the double of the client for JavaScript does.
package main

import (
	"context"
	"errors"
	"strings"

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
	must(0, double.Schedules.Delete(ctx, schedule.ID))
	expect("no schedule", len(must(double.Schedules.List(ctx, punctual.ListSchedulesQuery{}).Page()).Data) == 0)
	expect("a policy", must(double.RetryPolicies.Create(ctx, punctual.NewRetryPolicy{Name: "p"})).MaxAttempts == 6)
	event := must(double.Events.Publish(ctx, punctual.NewEvent{EventName: "a.b", Payload: 1}))
	expect("an event", event.Status == punctual.EventStatusCompleted)
	run := must(double.Tasks.Create(ctx, punctual.NewTask{Target: &punctual.NewTarget{URL: "https://a.example"}}))
	expect("a target", run.Target.Method == punctual.HTTPMethodPOST && run.Target.TimeoutMs == 10_000)

	_, err = double.Tasks.Get(ctx, "run_2")
	var missing *punctual.NotFoundError
	expect("a 404", errors.As(err, &missing))
	_, err = double.Usage(ctx)
	var refused *punctual.APIError
	expect("a 501", errors.As(err, &refused) && refused.Code() == "not_in_the_double")
}
