package punctualtest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type object = map[string]any

// kind says what a new object shows where its request says nothing.
type kind struct {
	Prefix string
	// What a search calls it.
	Found string
	Shown object
	// Fields whose default is the present moment.
	Moments []string
	// What only the answer to the creation has.
	Once object
	// What only the answer about one object has.
	Whole object
	// Fields that lists leave out.
	Alone []string
}

// Of the double of the TypeScript client, by npm run clients:types.
//
//go:embed double.json
var defaultsText []byte

var defaults = func() (read struct {
	Target object
	Kinds  map[string]kind
}) {
	if err := json.Unmarshal(defaultsText, &read); err != nil {
		panic(err)
	}
	return read
}()

var (
	ended = []any{"success", "cancelled", "dead_letter", "skipped"}
	// What a request says, and no answer shows under the same name.
	notShown    = map[string][]string{"tasks": {"delay_seconds", "retry_policy_id"}, "endpoints": {"signing_secret"}}
	sentMoments = []string{"run_at", "start_at", "end_at"}
	// What takes a filter or ids, in place of one id.
	bulkActions = []string{"cancel", "replay", "resolve"}
	noFilter    = []string{"ids", "dry_run", "note", "labels", "since", "until"}
	// Found by their names, but for runs that have the name of their schedule.
	named = []string{"tasks", "endpoints", "schedules", "retry-policies"}
)

type answer struct {
	status int
	body   any
}

// memory has the objects of one project. It makes no call, and no moment comes.
type memory struct {
	mutex   sync.Mutex
	sent    []SentRequest
	objects map[string]object
	oldest  []string
	// IDs of runs, one for each change.
	changes  []string
	answers  map[string]answer
	failures []answer
}

// RoundTrip answers a request in place of the API.
func (m *memory) RoundTrip(request *http.Request) (*http.Response, error) {
	var text []byte
	if request.Body != nil {
		text, _ = io.ReadAll(request.Body)
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	given := m.answerTo(request, text)
	response := &http.Response{StatusCode: given.status, Header: http.Header{}, Body: http.NoBody, Request: request}
	if given.body == nil {
		return response, nil
	}
	shown, err := json.Marshal(given.body)
	response.Body = io.NopCloser(bytes.NewReader(shown))
	return response, err
}

func (m *memory) answerTo(request *http.Request, text []byte) answer {
	key, path := request.Header.Get("Idempotency-Key"), request.URL.Path
	isRetry := func(sent SentRequest) bool { return sent.IdempotencyKey == key }
	if key == "" || !slices.ContainsFunc(m.sent, isRetry) {
		m.sent = append(m.sent, SentRequest{request.Method, request.URL.RequestURI(), text, key})
	}
	if len(m.failures) > 0 {
		failure := m.failures[0]
		m.failures = m.failures[1:]
		return failure
	}
	known := strings.Join([]string{request.Method, path, key}, " ")
	if repeated, isKnown := m.answers[known]; isKnown {
		return repeated
	}
	body := object{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &body); err != nil {
			return problem(400, "invalid_request", err.Error())
		}
	}
	given := m.answer(request.Method, path, request.URL.Query(), body)
	if key != "" {
		m.answers[known] = given
	}
	return given
}

func (m *memory) answer(method, path string, query url.Values, body object) answer {
	parts := append(strings.Split(path, "/"), "", "", "")
	name, id, action := parts[2], parts[3], parts[4]
	if name == "search" {
		return m.search(query.Get("q"))
	}
	if name == "feed" {
		return m.feed(query)
	}
	known, isKnown := defaults.Kinds[name]
	if !isKnown {
		return problem(501, "not_in_the_double", fmt.Sprintf("The double does not know %s.", path))
	}
	created := 201
	if name == "events" {
		created = 202
	}
	switch {
	case method == "POST" && id == "":
		return answer{created, m.madeOnce(name, body)}
	case method == "POST" && id == "batch":
		results := []object{}
		for _, each := range body[name].([]any) {
			made := without(m.create(name, each.(object), ""), known.Alone)
			results = append(results, object{"status": created, strings.TrimSuffix(name, "s"): made})
		}
		return answer{200, object{"data": results}}
	case method == "POST" && action == "" && slices.Contains(bulkActions, id):
		return m.bulk(name, id, body)
	case id == "by-name":
		return m.byKey(method, name, action, body)
	case method == "GET" && id == "":
		return m.list(known, query, func(object) bool { return true })
	}
	found, isThere := m.objects[id]
	switch {
	case !isThere:
		return problem(404, "not_found", fmt.Sprintf("There is no %s.", id))
	case action != "":
		return m.act(name+"/"+action, found, query, body)
	case method == "GET":
		return answer{200, merged(known.Whole, found)}
	case method == "PATCH":
		return answer{200, m.put(id, merged(body, object{"updated_at": now()}))}
	}
	delete(m.objects, id)
	return answer{status: 204}
}

func (m *memory) madeOnce(name string, body object) object {
	made := merged(m.create(name, body, ""), defaults.Kinds[name].Once)
	for field := range defaults.Kinds[name].Once {
		if own, isGiven := body[field]; isGiven {
			made[field] = own
		}
	}
	return made
}

// all answers the objects of a kind, the oldest first.
func (m *memory) all(of kind) iter.Seq[object] {
	return func(yield func(object) bool) {
		for _, id := range m.oldest {
			found, isThere := m.objects[id]
			if isThere && strings.HasPrefix(id, of.Prefix+"_") && !yield(found) {
				return
			}
		}
	}
}

func (m *memory) byKey(method, name, key string, body object) answer {
	var found object
	for each := range m.all(defaults.Kinds[name]) {
		if each["key"] == key {
			found = each
		}
	}
	switch {
	case method == "PUT" && found == nil:
		return answer{201, m.madeOnce(name, merged(object{"name": key}, body, object{"key": key}))}
	case found == nil:
		return problem(404, "not_found", fmt.Sprintf("There is no %s.", key))
	case method == "PUT":
		given := merged(object{"name": key}, only(found, "status", "created_at"), body, object{"key": key})
		return answer{200, m.create(name, given, found["id"].(string))}
	case method == "GET":
		return answer{200, merged(defaults.Kinds[name].Whole, found)}
	}
	delete(m.objects, found["id"].(string))
	return answer{status: 204}
}

// bulk is done at once.
func (m *memory) bulk(name, action string, body object) answer {
	filters := url.Values{}
	for field, value := range without(body, noFilter) {
		filters.Add(field, value.(string))
	}
	labels, _ := body["labels"].(object)
	for key, value := range labels {
		filters.Add("label", key+":"+value.(string))
	}
	ids, isByIDs := body["ids"].([]any)
	meant := []object{}
	for each := range m.all(defaults.Kinds[name]) {
		isOpen := each["status"] == "open" || name == "tasks" && !slices.Contains(ended, each["status"])
		if isOpen && matches(each, filters) && (!isByIDs || slices.Contains(ids, each["id"])) {
			meant = append(meant, each)
		}
	}
	if body["dry_run"] == true {
		return answer{200, object{"dry_run": true, "count": len(meant), "is_complete": true}}
	}
	for _, each := range meant {
		m.act(name+"/"+action, each, nil, only(body, "note"))
	}
	job := m.create("bulk-jobs", object{"action": action, "done": len(meant)}, "")
	if action != "replay" {
		return answer{202, job}
	}
	shown := merged(object{"endpoint_id": nil, "reason": nil, "since": nil, "until": now()}, body)
	job = merged(without(job, []string{"action", "done"}), only(shown, "endpoint_id", "reason", "since", "until"))
	return answer{202, merged(job, object{"replayed": len(meant)})}
}

// search finds as the service does, but for Idempotency-Keys, and in the order in which the objects were made.
func (m *memory) search(q string) answer {
	data := []object{}
	for _, id := range m.oldest {
		for name, of := range defaults.Kinds {
			found, isThere := m.objects[id]
			if !isThere || !strings.HasPrefix(id, of.Prefix+"_") {
				continue
			}
			shown := found["name"]
			if shown == nil {
				shown = found["event_name"]
			}
			if by := foundBy(name, found, q); by != "" {
				data = append(data, object{
					"kind": of.Found, "id": id, "name": shown, "by": by, "created_at": found["created_at"],
				})
			}
		}
	}
	return answer{200, object{"data": data[:min(20, len(data))]}}
}

func foundBy(name string, found object, q string) string {
	begins := func(value any) bool {
		text, isText := value.(string)
		return isText && strings.HasPrefix(text, q)
	}
	source, _ := found["source"].(object)
	isOwn := slices.Contains(named, name) && source["type"] != "manual"
	switch {
	case strings.Contains(q, "_") && begins(found["id"]):
		return "id"
	case begins(found["key"]):
		return "key"
	case isOwn && begins(found["name"]):
		return "name"
	case found["event_key"] == q:
		return "event_key"
	}
	labels, _ := found["labels"].(object)
	for key, value := range labels {
		if strings.Contains(q, ":") && begins(key+":"+value.(string)) {
			return "label"
		}
	}
	return ""
}

func (m *memory) act(action string, found object, query url.Values, body object) answer {
	id := found["id"].(string)
	switch action {
	case "tasks/cancel":
		if slices.Contains(ended, found["status"]) {
			return problem(409, "conflict", fmt.Sprintf("The task run is %s already.", found["status"]))
		}
		return answer{200, m.put(id, object{"status": "cancelled", "finished_at": now(), "next_attempt_at": nil})}
	case "tasks/wait":
		return answer{200, merged(defaults.Kinds["tasks"].Whole, found)}
	case "tasks/resend":
		if !slices.Contains(ended, found["status"]) {
			return problem(409, "conflict", fmt.Sprintf("The task run is %s.", found["status"]))
		}
		run := m.create("tasks", merged(contentOf(found), body), "")
		return answer{201, m.put(run["id"].(string), object{"resent_from": id})}
	case "schedules/backfill":
		made := object{"occurrences": 0, "missed": 0, "dry_run": false, "next_from": nil}
		return answer{200, merged(made, only(body, "dry_run"))}
	case "schedules/run":
		run := m.create("tasks", contentOf(found), "")
		return answer{202, m.put(run["id"].(string), object{"source": object{"type": "manual", "id": id}})}
	case "schedules/runs":
		belongs := func(run object) bool { return run["source"].(object)["id"] == id }
		return m.list(defaults.Kinds["tasks"], query, belongs)
	case "endpoints/rotate-secret":
		return answer{200, merged(found, defaults.Kinds["endpoints"].Once, body)}
	case "dead-letters/replay":
		m.put(id, object{"status": "replayed"})
		waiting := object{"status": "pending", "finished_at": nil, "next_attempt_at": now()}
		return answer{202, m.put(found["task_id"].(string), waiting)}
	case "dead-letters/resolve":
		return answer{200, m.put(id, merged(body, object{"status": "resolved"}))}
	}
	return problem(501, "not_in_the_double", fmt.Sprintf("The double does not know %s.", action))
}

// feed has the task runs that have changed since the cursor, or ever; there are no attempts.
func (m *memory) feed(query url.Values) answer {
	lines, told := []object{}, map[string]bool{}
	for _, id := range m.changes[min(max(numberOr(query.Get("cursor"), 0), 0), len(m.changes)):] {
		run := merged(m.objects[id], object{"type": "task_run", "task_id": id})
		if told[id] || !matches(run, query) {
			continue
		}
		told[id] = true
		version := 0
		for _, changed := range m.changes {
			if changed == id {
				version++
			}
		}
		data := without(m.objects[id], defaults.Kinds["tasks"].Alone)
		lines = append(lines, object{"type": "task_run", "version": version, "data": data})
	}
	page := object{"cursor": strconv.Itoa(len(m.changes)), "more": false}
	return answer{200, append(lines, object{"type": "page", "data": page})}
}

// list takes the newest first. A filter matches the field of its name, or a label.
func (m *memory) list(of kind, query url.Values, belongs func(object) bool) answer {
	start, size := numberOr(query.Get("cursor"), 0), numberOr(query.Get("page_size"), 20)
	matching := []object{}
	for _, id := range slices.Backward(m.oldest) {
		found, isThere := m.objects[id]
		if isThere && strings.HasPrefix(id, of.Prefix+"_") && belongs(found) && matches(found, query) {
			matching = append(matching, without(found, of.Alone))
		}
	}
	end := min(start+size, len(matching))
	var next any
	if end < len(matching) {
		next = strconv.Itoa(end)
	}
	return answer{200, object{"data": matching[min(start, end):end], "page": 1, "page_size": size, "next_cursor": next}}
}

func matches(found object, query url.Values) bool {
	for name, values := range query {
		if slices.Contains([]string{"page_size", "cursor", "since", "until", "wait_seconds"}, name) {
			continue
		}
		for _, value := range values {
			if name != "label" && found[name] != value {
				return false
			}
			key, wanted, _ := strings.Cut(value, ":")
			labels, _ := found["labels"].(object)
			if name == "label" && labels[key] != wanted {
				return false
			}
		}
	}
	return true
}

func (m *memory) create(name string, body object, id string) object {
	of := defaults.Kinds[name]
	given := without(body, notShown[name])
	for _, field := range sentMoments {
		if seconds, isNumber := given[field].(float64); isNumber {
			given[field] = iso(time.UnixMilli(int64(seconds * 1000)))
		}
	}
	if target, isGiven := given["target"].(object); isGiven {
		given["target"] = merged(defaults.Target, target)
	}
	made := merged(of.Shown)
	for _, field := range of.Moments {
		made[field] = now()
	}
	if name == "tasks" {
		given["run_at"] = due(body)
		given["next_attempt_at"] = given["run_at"]
	}
	if id == "" {
		id = fmt.Sprintf("%s_%012x70008%015x", of.Prefix, time.Now().UnixMilli(), len(m.oldest))
	}
	if !slices.Contains(m.oldest, id) {
		m.oldest = append(m.oldest, id)
	}
	return m.put(id, merged(made, given))
}

// put makes an object there, or changes it.
func (m *memory) put(id string, fields object) object {
	m.objects[id] = merged(m.objects[id], fields, object{"id": id})
	if strings.HasPrefix(id, defaults.Kinds["tasks"].Prefix+"_") {
		m.changes = append(m.changes, id)
	}
	return m.objects[id]
}

// contentOf a schedule, or of a run, is what a new run of it has.
func contentOf(from object) object {
	return only(from, "name", "labels", "endpoint_id", "target", "payload")
}

func due(body object) any {
	if seconds, isGiven := body["delay_seconds"].(float64); isGiven {
		return iso(time.Now().Add(time.Duration(seconds * float64(time.Second))))
	}
	if moment, isGiven := body["run_at"].(string); isGiven {
		return moment
	}
	return now()
}

func problem(status int, code, detail string) answer {
	return answer{status, object{
		"type": "about:blank", "title": detail, "status": status, "detail": detail, "code": code, "request_id": "test-double",
	}}
}

func now() string { return iso(time.Now()) }

func iso(moment time.Time) string { return moment.UTC().Format("2006-01-02T15:04:05.000Z") }

func merged(objects ...object) object {
	all := object{}
	for _, each := range objects {
		maps.Copy(all, each)
	}
	return all
}

func without(from object, fields []string) object {
	left := maps.Clone(from)
	for _, field := range fields {
		delete(left, field)
	}
	return left
}

func only(from object, fields ...string) object {
	kept := object{}
	for _, field := range fields {
		if value, isThere := from[field]; isThere {
			kept[field] = value
		}
	}
	return kept
}

func numberOr(text string, other int) int {
	if number, err := strconv.Atoi(text); err == nil {
		return number
	}
	return other
}
