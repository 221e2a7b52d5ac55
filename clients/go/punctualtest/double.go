// Package punctualtest has doubles for the tests of your application.
package punctualtest

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"punctual.example/punctual"
)

// SentRequest is a request as it was sent, once for each call: retries of a call are one request.
type SentRequest struct {
	Method string
	// Path has the query, too: /v1/tasks?status=pending.
	Path string
	// Body is JSON; nil if the request had none.
	Body           []byte
	IdempotencyKey string
}

// Double keeps what was sent in memory, and answers in the API's own form, through the same client, which your code gets in place of
// the real one. It calls nothing, computes no moments, and does not check what the API checks: for that there is the local stack.
type Double struct {
	*punctual.Client
	memory *memory
}

// NewDouble makes a double without any object.
func NewDouble() *Double {
	m := &memory{objects: map[string]object{}, answers: map[string]answer{}}
	client := punctual.New(punctual.Options{URL: "http://punctual.test", APIKey: "sk_test", HTTPClient: &http.Client{Transport: m}})
	return &Double{client, m}
}

// Sent answers all requests, the oldest first. A call that was retried is there once.
func (d *Double) Sent() []SentRequest {
	d.memory.mutex.Lock()
	defer d.memory.mutex.Unlock()
	return append([]SentRequest{}, d.memory.sent...)
}

// SentTasks answers the tasks that were sent, also in batches, the oldest first.
func (d *Double) SentTasks() []punctual.NewTask {
	tasks := []punctual.NewTask{}
	for _, sent := range d.Sent() {
		var batch punctual.NewTaskBatch
		switch sent.Method + " " + sent.Path {
		case "POST /v1/tasks":
			batch.Tasks = make([]punctual.NewTask, 1)
			must(json.Unmarshal(sent.Body, &batch.Tasks[0]))
		case "POST /v1/tasks/batch":
			must(json.Unmarshal(sent.Body, &batch))
		}
		tasks = append(tasks, batch.Tasks...)
	}
	return tasks
}

// FailNext makes the next request fail with this status: a 429 or 5xx once more for each retry, so call it several times.
func (d *Double) FailNext(status int, detail string) {
	d.memory.mutex.Lock()
	defer d.memory.mutex.Unlock()
	d.memory.failures = append(d.memory.failures, problem(status, "failed_by_the_test", detail))
}

// End ends a task run, as success, dead_letter or skipped; dead_letter makes its dead letter too.
func (d *Double) End(taskID string, status punctual.RunStatus) {
	m := d.memory
	m.mutex.Lock()
	defer m.mutex.Unlock()
	run, isThere := m.objects[taskID]
	if !isThere {
		panic("there is no " + taskID)
	}
	m.put(taskID, object{"status": string(status), "finished_at": now(), "next_attempt_at": nil})
	if status != punctual.RunStatusDeadLetter {
		return
	}
	letter := only(run, "project_id", "name", "endpoint_id", "attempt_count", "payload")
	m.create("dead-letters", merged(letter, object{"task_id": taskID}), strings.Replace(taskID, "run_", "dl_", 1))
}

// SignedRequest makes a call as Punctual signs it, to test a receiver with. A payload that is no string goes out as JSON.
func SignedRequest(url string, payload any, secret string) *http.Request {
	body, contentType := []byte(nil), "application/json"
	if text, isText := payload.(string); isText {
		body, contentType = []byte(text), "text/plain; charset=utf-8"
	} else {
		var err error
		body, err = json.Marshal(payload)
		must(err)
	}
	id, at := "run_"+rand.Text(), time.Now()
	timestamp := strconv.FormatInt(at.Unix(), 10)
	request := httptest.NewRequest("POST", url, bytes.NewReader(body))
	for name, value := range map[string]string{
		"Content-Type":           contentType,
		"Webhook-Id":             id,
		"Webhook-Timestamp":      timestamp,
		"Webhook-Signature":      punctual.Sign(secret, id, timestamp, body),
		"Idempotency-Key":        id,
		"Punctual-Attempt":       "1",
		"Punctual-Scheduled-For": iso(at),
	} {
		request.Header.Set(name, value)
	}
	return request
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
