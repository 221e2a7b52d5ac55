// Calls every method of the client for Go once, against a running API.
package main

import (
	"context"
	"fmt"
	"iter"
	"os"
	"time"

	"punctual.example/punctual"
)

var ctx = context.Background()

func must[Answer any](answer Answer, err error) Answer {
	if err != nil {
		panic(err)
	}
	return answer
}

func done(err error) {
	if err != nil {
		panic(err)
	}
}

func expect(what string, holds bool) {
	if !holds {
		panic(what)
	}
}

func eventually(what string, holds func() bool) {
	for range 200 {
		if holds() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	panic(what + " did not come")
}

func all[Item any](items iter.Seq2[Item, error]) []Item {
	found := []Item{}
	for item, err := range items {
		found = append(found, must(item, err))
	}
	return found
}

func main() {
	c := punctual.New(punctual.Options{URL: os.Getenv("PUNCTUAL_URL"), APIKey: os.Getenv("PUNCTUAL_API_KEY")})
	receiver := os.Getenv("RECEIVER")
	number := punctual.Int
	fixed := punctual.RetryStrategyFixed

	once := must(c.RetryPolicies.Create(ctx, punctual.NewRetryPolicy{
		Name: "once", Strategy: fixed, BaseDelaySeconds: punctual.Ptr(60.0), MaxAttempts: number(1),
	}))
	twice := must(c.RetryPolicies.Put(ctx, "twice", punctual.PutRetryPolicy{
		Strategy: fixed, BaseDelaySeconds: punctual.Ptr(60.0), MaxAttempts: number(2),
	}))
	expect("the policy", must(c.RetryPolicies.Get(ctx, once.ID)).Name == "once")
	expect("the policy by name", must(c.RetryPolicies.GetByKey(ctx, "twice")).ID == twice.ID)
	changed := must(c.RetryPolicies.Update(ctx, once.ID, punctual.RetryPolicyPatch{BaseDelaySeconds: punctual.Ptr(61.0)}))
	expect("the changed policy", changed.BaseDelaySeconds == 61)
	policies := all(c.RetryPolicies.List(ctx, punctual.ListRetryPoliciesQuery{PageSize: number(1)}).All())
	expect("two policies", len(policies) == 2)

	ok := must(c.Endpoints.Create(ctx, punctual.NewEndpoint{Name: "ok", URL: receiver + "/ok"}))
	dead := must(c.Endpoints.Put(ctx, "dead", punctual.PutEndpoint{URL: receiver + "/fail", RetryPolicyID: once.ID}))
	slow := must(c.Endpoints.Create(ctx, punctual.NewEndpoint{
		Name: "slow", URL: receiver + "/fail", RetryPolicyID: twice.ID, RateLimitPerSecond: punctual.Ptr(5.0),
	}))
	expect("the endpoint", must(c.Endpoints.Get(ctx, ok.ID)).Name == "ok")
	expect("the endpoint by name", must(c.Endpoints.GetByKey(ctx, "dead")).ID == dead.ID)
	unlimited := must(c.Endpoints.Update(ctx, slow.ID, punctual.EndpointPatch{}, punctual.Null("rate_limit_per_second")))
	expect("no rate", unlimited.RateLimitPerSecond == nil)
	expect("three endpoints", len(all(c.Endpoints.List(ctx, punctual.ListEndpointsQuery{}).All())) == 3)
	rotated := must(c.Endpoints.RotateSecret(ctx, ok.ID, punctual.Rotation{}))
	expect("a new secret", rotated.SigningSecret != "" && rotated.SigningSecret != ok.SigningSecret)
	expect("a sample", must(c.Endpoints.Test(ctx, ok.ID)).Attempt.Status == punctual.AttemptStatusSuccess)

	run := must(c.Tasks.Create(ctx, punctual.NewTask{EndpointID: ok.ID, Payload: map[string]int{"ü": 1}}))
	expect("the success", must(c.Tasks.Wait(ctx, run.ID, 20*time.Second)).Status == punctual.RunStatusSuccess)
	expect("the run", must(c.Tasks.Get(ctx, run.ID)).ID == run.ID)
	expect("the origin", *must(c.Tasks.Resend(ctx, run.ID, punctual.Resending{Payload: 2})).ResentFrom == run.ID)
	later := must(c.Tasks.Create(ctx, punctual.NewTask{
		EndpointID: ok.ID, RunAt: time.Now().Add(time.Hour), Labels: map[string]string{"customer": "42"},
	}))
	labelled := all(c.Tasks.List(ctx, punctual.ListTasksQuery{Label: []string{"customer:42"}, Since: run.CreatedAt}).All())
	expect("the labelled run", len(labelled) == 1 && labelled[0].ID == later.ID)
	waiting := must(c.Tasks.Wait(ctx, later.ID, 500*time.Millisecond))
	expect("a run that waits", waiting.Status == punctual.RunStatusPending)
	expect("the found run", must(c.Search(ctx, "customer:4"))[0].ID == later.ID)
	expect("a cancelled run", must(c.Tasks.Cancel(ctx, later.ID)).Status == punctual.RunStatusCancelled)
	expect("a redaction", must(c.Tasks.Redact(ctx, later.ID)).RedactedAt != nil)
	results := must(c.Tasks.Batch(ctx, []punctual.NewTask{{EndpointID: ok.ID}, {}})).Data
	expect("two results", results[0].Status == 201 && results[1].Status == 400 && results[1].Error.Code != "")

	for change, err := range c.Feed(ctx, punctual.GetFeedQuery{TaskID: later.ID, Type: punctual.GetFeedQueryTypeTaskRun}, 0) {
		must(change, err)
		expect("the feed's run", change.Attempt == nil && change.Run.Data.Status == punctual.RunStatusCancelled)
		break
	}

	toBeHeard := must(c.Endpoints.Create(ctx, punctual.NewEndpoint{Name: "heard", URL: receiver + "/ok"}))
	listener := must(c.Listeners.Start(ctx, []string{toBeHeard.ID}))
	expect("one listener", len(must(c.Listeners.List(ctx)).Data) == 1)
	expect("its endpoint", must(c.Listeners.Get(ctx, listener.ID)).EndpointIds[0] == toBeHeard.ID)
	heard := must(c.Tasks.Create(ctx, punctual.NewTask{EndpointID: toBeHeard.ID}))
	var asked []punctual.ListenerRequest
	eventually("a request", func() bool {
		asked = must(c.Listeners.Take(ctx, listener.ID)).Data
		return len(asked) == 1
	})
	expect("the run of the request", asked[0].TaskID == heard.ID)
	done(c.Listeners.Answer(ctx, listener.ID, asked[0].ID, punctual.ListenerAnswer{Status: number(202), Body: "heard"}))
	expect("its answer", *must(c.Tasks.Wait(ctx, heard.ID, 20*time.Second)).Attempts[0].HTTPStatus == 202)
	done(c.Listeners.End(ctx, listener.ID))

	event := must(c.Events.Publish(ctx, punctual.NewEvent{EventName: "invoice.paid", Payload: 1}))
	expect("the event", must(c.Events.Get(ctx, event.ID)).EventName == "invoice.paid")
	expect("a batch", len(must(c.Events.Batch(ctx, []punctual.NewEvent{{EventName: "a.b", Payload: 1}})).Data) == 1)
	expect("two events", len(all(c.Events.List(ctx, punctual.ListEventsQuery{}).All())) == 2)

	expect("a count", bool(must(c.Tasks.CancelAllDryRun(ctx, punctual.NewBulkCancel{EndpointID: ok.ID})).DryRun))
	cancelled := must(c.Tasks.CancelAll(ctx, punctual.NewBulkCancel{Ids: []string{later.ID}}))
	expect("the bulk job", must(c.BulkJob(ctx, cancelled.ID)).Action == cancelled.Action)

	schedule := must(c.Schedules.Create(ctx, punctual.NewSchedule{Name: "nightly", Cron: "0 3 * * *", EndpointID: ok.ID}))
	named := must(c.Schedules.Put(ctx, "yearly", punctual.PutSchedule{Cron: "@yearly", EndpointID: ok.ID}))
	expect("the schedule", *must(c.Schedules.Get(ctx, schedule.ID)).Cron == "0 3 * * *")
	expect("the schedule by name", must(c.Schedules.GetByKey(ctx, "yearly")).ID == named.ID)
	paused := must(c.Schedules.Update(ctx, schedule.ID, punctual.SchedulePatch{Status: punctual.WantedScheduleStatusPaused}))
	expect("a pause", paused.Status == punctual.ScheduleStatusPaused)
	expect("two schedules", len(all(c.Schedules.List(ctx, punctual.ListSchedulesQuery{}).All())) == 2)
	made := must(c.Schedules.Run(ctx, named.ID))
	eventually("the schedule's run", func() bool {
		runs := all(c.Schedules.Runs(ctx, named.ID, punctual.ListScheduleRunsQuery{}).All())
		return len(runs) == 1 && runs[0].ID == made.ID
	})
	backfill := punctual.NewBackfill{From: time.Now().Add(-24 * time.Hour), DryRun: punctual.Ptr(true)}
	expect("a counted backfill", must(c.Schedules.Backfill(ctx, named.ID, backfill)).DryRun)
	expect("moments", len(must(c.Schedules.Preview(ctx, punctual.SchedulePreviewRequest{Cron: "@daily"})).Next) > 0)
	done(c.Schedules.Delete(ctx, schedule.ID))
	done(c.Schedules.DeleteByKey(ctx, "yearly"))

	for range 2 {
		must(c.Tasks.Create(ctx, punctual.NewTask{EndpointID: slow.ID}))
	}
	var jobs []punctual.RetryJob
	eventually("two retry jobs", func() bool {
		jobs = all(c.RetryJobs.List(ctx, punctual.ListRetryJobsQuery{}).All())
		return len(jobs) == 2
	})
	expect("the retry job", *must(c.RetryJobs.Get(ctx, jobs[0].ID)).EndpointID == slow.ID)
	must(c.RetryJobs.Run(ctx, jobs[0].ID))
	done(c.RetryJobs.GiveUp(ctx, jobs[1].ID))
	for range 2 {
		must(c.Tasks.Create(ctx, punctual.NewTask{EndpointID: dead.ID}))
	}
	var letters []punctual.DeadLetter
	eventually("four dead letters", func() bool {
		letters = all(c.DeadLetters.List(ctx, punctual.ListDeadLettersQuery{}).All())
		return len(letters) == 4
	})
	expect("an open letter", must(c.DeadLetters.Get(ctx, letters[0].ID)).Status == punctual.DeadLetterStatusOpen)
	// Before two of them are no longer open: which two died last is not known.
	expect("letters", must(c.DeadLetters.ReplayAllDryRun(ctx, punctual.NewBulkReplay{EndpointID: dead.ID})).Count > 0)
	must(c.DeadLetters.Replay(ctx, letters[0].ID))
	expect("a note", *must(c.DeadLetters.Resolve(ctx, letters[1].ID, punctual.Resolution{Note: "by hand"})).Note == "by hand")
	resolution := punctual.NewBulkResolution{Note: "n", Ids: []string{letters[1].ID}}
	expect("a letter", bool(must(c.DeadLetters.ResolveAllDryRun(ctx, resolution)).DryRun))
	expect("a bulk resolution", must(c.DeadLetters.ResolveAll(ctx, resolution)).ID != "")
	replay := must(c.DeadLetters.ReplayAll(ctx, punctual.NewBulkReplay{EndpointID: dead.ID}))
	expect("the replay", must(c.DeadLetters.ReplayJob(ctx, replay.ID)).ID == replay.ID)
	expect("a recovery", must(c.Endpoints.Recover(ctx, slow.ID, punctual.Recovery{Since: time.Unix(0, 0)})).ID != "")
	success := punctual.ListDeliveriesQuery{Status: punctual.AttemptStatusSuccess}
	attempt := all(c.Deliveries.List(ctx, success).All())[0]
	expect("the attempt", *must(c.Deliveries.Get(ctx, attempt.ID)).HTTPStatus == 200)
	expect("quotas", must(c.Usage(ctx)).ProjectID == ok.ProjectID)

	done(c.Endpoints.Delete(ctx, slow.ID))
	done(c.Endpoints.DeleteByKey(ctx, "dead"))
	done(c.RetryPolicies.DeleteByKey(ctx, "twice"))
	done(c.RetryPolicies.Delete(ctx, once.ID))
	fmt.Println("all methods were called")
}
