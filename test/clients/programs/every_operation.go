// Calls every operation of the API once, through the client that oapi-codegen made of its document.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"clients/api"
)

const patience = 20 * time.Second

func main() {
	base, receiver := os.Getenv("API"), os.Getenv("RECEIVER")
	ctx := context.Background()

	anyone := connect(base, "", "")
	done(anyone.GetHealthWithResponse(ctx))
	done(anyone.GetAgentGuideWithResponse(ctx))
	done(anyone.GetOpenApiDocumentWithResponse(ctx))
	done(anyone.GetDocumentationPageWithResponse(ctx))
	credentials := api.Credentials{OperatorKey: of(os.Getenv("OPERATOR_KEY"))}
	session := done(anyone.SignInWithResponse(ctx, credentials)).JSON200
	done(anyone.GetWaysToSignInWithResponse(ctx))

	operator := connect(base, "Authorization", "Bearer "+*session.Token)
	done(operator.ListSessionsWithResponse(ctx, nil))
	done(operator.GetSessionWithResponse(ctx, "current"))
	second := done(anyone.SignInWithResponse(ctx, credentials)).JSON200
	done(operator.RevokeSessionWithResponse(ctx, second.Id, nil))
	project := done(operator.CreateProjectWithResponse(ctx, nil, api.NewProject{Name: "go"})).JSON201.Id
	done(operator.ListProjectsWithResponse(ctx, nil))
	done(operator.GetProjectWithResponse(ctx, project))
	done(operator.UpdateProjectWithResponse(ctx, project, nil, api.ProjectPatch{Shards: of(int64(2))}))
	done(operator.RotateProjectSecretWithResponse(ctx, project, nil, api.Rotation{}))
	key := done(operator.CreateApiKeyWithResponse(ctx, project, nil, api.NewApiKey{Label: "go"})).JSON201
	other := done(operator.CreateApiKeyWithResponse(ctx, project, nil, api.NewApiKey{Label: "other"})).JSON201
	done(operator.ListApiKeysWithResponse(ctx, project, nil))
	done(operator.RevokeApiKeyWithResponse(ctx, project, other.Id, nil))

	done(operator.CreateConsoleLinkWithResponse(ctx, nil))
	done(operator.ListAlarmsWithResponse(ctx))
	done(operator.CreatePortalLinkWithResponse(ctx, project, nil, api.NewPortalLink{Name: "a customer"}))

	client := connect(base, "X-API-Key", key.Key)
	done(client.GetUsageWithResponse(ctx, nil))
	once := done(client.CreateRetryPolicyWithResponse(ctx, nil, api.NewRetryPolicy{Name: "once", MaxAttempts: of(int64(1))})).JSON201.Id
	patient := done(client.CreateRetryPolicyWithResponse(ctx, nil, api.NewRetryPolicy{Name: "patient"})).JSON201.Id
	done(client.ListRetryPoliciesWithResponse(ctx, nil))
	done(client.GetRetryPolicyWithResponse(ctx, patient, nil))
	changed := done(client.UpdateRetryPolicyWithResponse(ctx, patient, nil, api.RetryPolicyPatch{BaseDelaySeconds: of(86399.999), Strategy: of(api.Fixed)})).JSON200
	same("a delay", changed.BaseDelaySeconds, 86399.999)

	endpoint := done(client.CreateEndpointWithResponse(ctx, nil, api.NewEndpoint{Name: "ok", Url: of(receiver + "/ok")})).JSON201.Id
	failing := done(client.CreateEndpointWithResponse(ctx, nil, api.NewEndpoint{Name: "failing", Url: of(receiver + "/fail/500"), RetryPolicyId: &once})).JSON201.Id
	waiting := done(client.CreateEndpointWithResponse(ctx, nil, api.NewEndpoint{Name: "waiting", Url: of(receiver + "/fail/503"), RetryPolicyId: &patient})).JSON201.Id
	done(client.ListEndpointsWithResponse(ctx, nil))
	done(client.GetEndpointWithResponse(ctx, endpoint, nil))
	done(client.UpdateEndpointWithResponse(ctx, endpoint, nil, api.EndpointPatch{Method: of(api.PUT)}))
	done(client.RotateEndpointSecretWithResponse(ctx, endpoint, nil, api.Rotation{}))
	sample := done(client.TestEndpointWithResponse(ctx, endpoint, nil)).JSON200
	same("the test's attempt", sample.Status, api.AttemptStatusSuccess)

	heard := done(client.CreateEndpointWithResponse(ctx, nil, api.NewEndpoint{Name: "heard", Url: of(receiver + "/ok")})).JSON201.Id
	listener := done(client.CreateListenerWithResponse(ctx, nil, api.NewListener{EndpointIds: []string{heard}})).JSON201.Id
	done(client.ListListenersWithResponse(ctx, nil))
	done(client.GetListenerWithResponse(ctx, listener, nil))
	call := done(client.CreateTaskWithResponse(ctx, nil, api.NewTask{EndpointId: &heard})).JSON201.Id
	asked := done(client.TakeListenerRequestsWithResponse(ctx, listener, nil)).JSON200.Data[0]
	same("the run of the request", asked.TaskId, call)
	done(client.AnswerListenerRequestWithResponse(ctx, listener, asked.Id, nil, api.ListenerAnswer{Status: of(int64(200))}))
	done(client.DeleteListenerWithResponse(ctx, listener, nil))

	var moment api.Moment
	must(moment.FromUnixSeconds(1893456001))
	later := done(client.CreateTaskWithResponse(ctx, nil, api.NewTask{EndpointId: &endpoint, RunAt: &moment})).JSON201
	same("run_at in seconds", later.RunAt.UTC(), time.Date(2030, 1, 1, 0, 0, 1, 0, time.UTC))
	must(moment.FromDateTime(time.Date(2030, 1, 1, 0, 0, 1, 500e6, time.FixedZone("", 3600))))
	done(client.CreateTaskWithResponse(ctx, nil, api.NewTask{Target: &api.NewTarget{Url: of(receiver + "/ok")}, RunAt: &moment, Payload: "text"}))
	queue := api.NewTarget{Type: of(api.TargetType("sqs")), Arn: of("arn:aws:sqs:us-east-1:000000000000:trial")}
	sent := done(client.CreateTaskWithResponse(ctx, nil, api.NewTask{Target: &queue, Payload: map[string]any{"n": 2}})).JSON201
	same("the kind of the target", *sent.Target.Type, api.TargetType("sqs"))
	batch := done(client.CreateTaskBatchWithResponse(ctx, nil, api.NewTaskBatch{Tasks: []api.NewTask{
		{EndpointId: &failing}, {EndpointId: &failing}, {EndpointId: &waiting}, {EndpointId: &endpoint, Payload: map[string]any{"n": 1}}, {},
	}})).JSON200.Data
	same("what a task without a destination is", *batch[4].Error.Errors, []api.Fault{{Pointer: "/endpoint_id", Message: (*batch[4].Error.Errors)[0].Message}})
	must(moment.FromUnixSeconds(1577836800.5))
	listed := done(client.ListTasksWithResponse(ctx, &api.ListTasksParams{Since: &moment, PageSize: of(int64(50))})).JSON200
	same("how many tasks there are", len(listed.Data), 9)
	done(client.GetTaskWithResponse(ctx, later.Id, nil))
	done(client.CancelTaskWithResponse(ctx, later.Id, nil))
	done(client.RedactTaskWithResponse(ctx, later.Id, nil))
	done(client.AwaitTaskWithResponse(ctx, later.Id, nil))
	same("what is found", done(client.SearchObjectsWithResponse(ctx, &api.SearchObjectsParams{Q: later.Id})).JSON200.Data[0].Id, later.Id)
	fed := string(done(client.GetFeedWithResponse(ctx, &api.GetFeedParams{TaskId: &later.Id})).Body)
	same("the feed tells the cancellation", strings.Contains(strings.Split(fed, "\n")[0], `"status":"cancelled"`), true)
	again := done(client.ResendTaskWithResponse(ctx, later.Id, nil, api.Resending{Payload: map[string]any{"n": 2}})).JSON201
	same("the run that was sent again", *again.ResentFrom, later.Id)

	event := done(client.PublishEventWithResponse(ctx, nil, api.NewEvent{EventName: "invoice.paid"})).JSON202
	done(client.PublishEventBatchWithResponse(ctx, nil, api.NewEventBatch{Events: []api.NewEvent{{EventName: "invoice.sent"}}}))
	done(client.ListEventsWithResponse(ctx, nil))
	done(client.GetEventWithResponse(ctx, event.Id, nil))
	deliveries := done(client.ListDeliveriesWithResponse(ctx, nil)).JSON200
	done(client.GetDeliveryWithResponse(ctx, deliveries.Data[0].Id, nil))

	retries := eventually("a retry job", func() []api.RetryJob { return done(client.ListRetryJobsWithResponse(ctx, nil)).JSON200.Data })
	done(client.GetRetryJobWithResponse(ctx, retries[0].Id, nil))
	done(client.RunRetryJobWithResponse(ctx, retries[0].Id, nil))
	eventually("the retry after it", func() []api.RetryJob {
		found := done(client.ListRetryJobsWithResponse(ctx, nil)).JSON200.Data
		if len(found) == 0 || found[0].Attempt != 3 {
			return nil
		}
		done(client.GiveUpRetryJobWithResponse(ctx, found[0].Id, nil))
		return found
	})
	letters := eventually("three dead letters", func() []api.DeadLetter {
		found := done(client.ListDeadLettersWithResponse(ctx, nil)).JSON200.Data
		if len(found) < 3 {
			return nil
		}
		return found
	})
	done(client.GetDeadLetterWithResponse(ctx, letters[0].Id, nil))
	done(client.ResolveDeadLetterWithResponse(ctx, letters[0].Id, nil, api.Resolution{Note: "by hand"}))
	done(client.ReplayDeadLetterWithResponse(ctx, letters[1].Id, nil))
	bulk := done(client.ReplayDeadLettersWithResponse(ctx, nil, api.NewBulkReplay{})).JSON202
	done(client.GetBulkReplayWithResponse(ctx, bulk.Id, nil))
	done(client.GetBulkJobWithResponse(ctx, bulk.Id, nil))
	done(client.ResolveDeadLettersWithResponse(ctx, nil, api.NewBulkResolution{Note: "by hand", Ids: &[]string{letters[0].Id}, DryRun: of(true)}))
	done(client.CancelTasksWithResponse(ctx, nil, api.NewBulkCancel{EndpointId: &waiting, DryRun: of(true)}))
	done(operator.ReplayDeadLettersOfAllProjectsWithResponse(ctx, nil, api.NewReplayOfAllProjects{Reason: of(api.DeadReasonAttemptsExhausted)}))
	done(client.RecoverEndpointWithResponse(ctx, failing, nil, api.Recovery{Since: moment}))

	done(client.PutRetryPolicyWithResponse(ctx, "by hand", nil, api.PutRetryPolicy{MaxAttempts: of(int64(2))}))
	done(client.GetRetryPolicyByNameWithResponse(ctx, "by hand", nil))
	done(client.DeleteRetryPolicyByNameWithResponse(ctx, "by hand", nil))
	done(client.PutEndpointWithResponse(ctx, "by hand", nil, api.PutEndpoint{Url: of(receiver + "/ok")}))
	done(client.GetEndpointByNameWithResponse(ctx, "by hand", nil))
	done(client.DeleteEndpointByNameWithResponse(ctx, "by hand", nil))
	done(client.PutScheduleWithResponse(ctx, "by hand", nil, api.PutSchedule{Cron: of("0 4 * * *"), EndpointId: &endpoint}))
	done(client.GetScheduleByNameWithResponse(ctx, "by hand", nil))
	done(client.DeleteScheduleByNameWithResponse(ctx, "by hand", nil))

	done(client.PreviewScheduleWithResponse(ctx, nil, api.SchedulePreviewRequest{Cron: "0 3 * * *"}))
	schedule := done(client.CreateScheduleWithResponse(ctx, nil, api.NewSchedule{Name: "nightly", Cron: of("0 3 * * *"), EndpointId: &endpoint})).JSON201.Id
	done(client.ListSchedulesWithResponse(ctx, nil))
	done(client.GetScheduleWithResponse(ctx, schedule, nil))
	paused := done(client.UpdateScheduleWithResponse(ctx, schedule, nil, api.SchedulePatch{Status: of(api.WantedScheduleStatusPaused)})).JSON200
	same("a paused schedule", paused.Status, api.ScheduleStatusPaused)
	done(client.RunScheduleWithResponse(ctx, schedule, nil))
	must(moment.FromDateTime(time.Now().Add(-time.Hour)))
	done(client.BackfillScheduleWithResponse(ctx, schedule, nil, api.NewBackfill{From: moment, DryRun: of(true)}))
	done(client.ListScheduleRunsWithResponse(ctx, schedule, nil))
	done(client.DeleteScheduleWithResponse(ctx, schedule, nil))

	done(client.GetStatsWithResponse(ctx, nil))
	audit := string(done(client.ListAuditEntriesWithResponse(ctx, nil)).Body)
	for _, line := range strings.Split(strings.TrimSpace(audit), "\n") {
		must(json.Unmarshal([]byte(line), &map[string]any{}))
	}

	job := done(client.CreateCronJobWithResponse(ctx, nil, api.NewCronJob{Name: "refresh", CronExpression: "*/5 * * * *", TargetUrl: receiver + "/ok"})).JSON201.Data.JobId
	done(client.ListCronJobsWithResponse(ctx, nil))
	done(client.GetCronJobWithResponse(ctx, job, nil))
	done(client.UpdateCronJobWithResponse(ctx, job, nil, api.CronJobPatch{Retries: of(int64(3))}))
	done(client.RunCronJobWithResponse(ctx, job, nil))
	done(client.ListCronExecutionsWithResponse(ctx, job, nil))
	done(client.DeleteCronJobWithResponse(ctx, job, nil))

	reminder := done(client.CreateDispatchJobWithResponse(ctx, nil, api.NewDispatchJob{Title: "reminder", WebhookUrl: receiver + "/ok", FireAt: "2030-06-13T09:30:00Z"})).JSON201.Data
	done(client.ListDispatchJobsWithResponse(ctx, &api.ListDispatchJobsParams{ProjectId: of(reminder.ProjectId.String())}))
	done(client.GetDispatchJobWithResponse(ctx, reminder.Id.String(), nil))
	done(client.CancelDispatchJobWithResponse(ctx, reminder.Id.String(), nil))

	for _, id := range []string{endpoint, failing, waiting} {
		done(client.DeleteEndpointWithResponse(ctx, id, nil))
	}
	done(client.DeleteRetryPolicyWithResponse(ctx, once, nil))
	done(operator.GetProjectExportWithResponse(ctx, project, nil))
	done(operator.DeleteProjectWithResponse(ctx, project, &api.DeleteProjectParams{Confirm: of(project)}))
	done(operator.RevokeSessionsWithResponse(ctx, nil))
}

func connect(base, header, value string) *api.ClientWithResponses {
	client, err := api.NewClientWithResponses(base, api.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
		if header != "" {
			request.Header.Set(header, value)
		}
		return nil
	}))
	must(err)
	return client
}

func done[Answer interface{ StatusCode() int }](answer Answer, err error) Answer {
	must(err)
	if status := answer.StatusCode(); status < 200 || status > 299 {
		panic(fmt.Sprintf("answered %d: %+v", status, answer))
	}
	return answer
}

func eventually[Row any](what string, look func() []Row) []Row {
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		if found := look(); len(found) > 0 {
			return found
		}
	}
	panic(what + " did not come")
}

func same[Value any](what string, found, wanted Value) {
	if fmt.Sprint(found) != fmt.Sprint(wanted) {
		panic(fmt.Sprintf("%s is %v, not %v", what, found, wanted))
	}
}

func of[Value any](value Value) *Value { return &value }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
