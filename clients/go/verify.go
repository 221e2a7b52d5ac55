package punctual

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SignatureFault says what is wrong with a signature.
type SignatureFault string

const (
	MissingHeader SignatureFault = "missing_header"
	TooOld        SignatureFault = "too_old"
	TooNew        SignatureFault = "too_new"
	NoMatch       SignatureFault = "no_match"
)

// SignatureError says that the request is not what Punctual signed with one of the secrets: answer 401, and do nothing.
type SignatureError struct {
	Reason  SignatureFault
	Message string
}

func (e *SignatureError) Error() string { return e.Message }

// VerifiedCall is a call of Punctual whose signature is good.
type VerifiedCall struct {
	// ID is webhook-id, the same for all attempts and replays of a task run: do nothing if you have done its work already.
	ID string
	// SignedAt is when the call was signed.
	SignedAt time.Time
	// Attempt is 1 for the first attempt; 0 if something before this receiver took the header away, as for the fields below.
	Attempt int
	// ScheduledFor is the moment at which the call was due.
	ScheduledFor time.Time
	// ScheduleID is that of a schedule's run, sch_….
	ScheduleID string
	// EventName and EventKey are those of an event.
	EventName string
	EventKey  string
	Body      []byte
}

// JSON reads the payload into a value.
func (c *VerifiedCall) JSON(payload any) error {
	return json.Unmarshal(c.Body, payload)
}

// Verification says how signatures are checked: with the secrets, against now.
type Verification struct {
	// Secrets are the endpoint's signing_secret; several of them while a secret is replaced.
	Secrets []string
	// Tolerance is how far webhook-timestamp may be from now. 5 minutes unless given.
	Tolerance time.Duration
	// Now is the moment that counts as now; the present one unless given.
	Now time.Time
}

// Verify reads the body of a request, and checks its signature by Standard Webhooks. The secrets are the endpoint's signing_secret;
// several of them while a secret is replaced. A signature that is not good is a [SignatureError].
func Verify(request *http.Request, secrets ...string) (*VerifiedCall, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	return Verification{Secrets: secrets}.Check(request.Header, body)
}

// Check does so for a raw body that was read already.
func (v Verification) Check(header http.Header, body []byte) (*VerifiedCall, error) {
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		if header.Get(name) == "" {
			return nil, &SignatureError{MissingHeader, fmt.Sprintf("The request has no header %s.", name)}
		}
	}
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	good := false
	for _, secret := range v.Secrets {
		if secret == "" {
			return nil, errors.New("a signing secret is missing: is its environment variable set?")
		}
		good = isSignedBy(secret, header.Get("webhook-signature"), id, timestamp, body) || good
	}
	if !good {
		return nil, &SignatureError{NoMatch, "The signature is of another secret, or of another body, id or timestamp."}
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return nil, err
	}
	if err := v.checkAge(seconds); err != nil {
		return nil, err
	}
	call := &VerifiedCall{
		ID:         id,
		SignedAt:   time.Unix(seconds, 0).UTC(),
		ScheduleID: header.Get("punctual-schedule-id"),
		EventName:  header.Get("punctual-event-name"),
		Body:       body,
	}
	call.Attempt, _ = strconv.Atoi(header.Get("punctual-attempt"))
	call.ScheduledFor, _ = time.Parse(time.RFC3339, header.Get("punctual-scheduled-for"))
	call.EventKey, _ = url.PathUnescape(header.Get("punctual-event-key"))
	return call, nil
}

func (v Verification) checkAge(timestamp int64) error {
	now, tolerance := v.Now, v.Tolerance
	if now.IsZero() {
		now = time.Now()
	}
	if tolerance == 0 {
		tolerance = 5 * time.Minute
	}
	age := int64(math.Round(now.Sub(time.Unix(timestamp, 0)).Seconds()))
	if age > int64(tolerance.Seconds()) {
		return &SignatureError{TooOld, fmt.Sprintf("The signature is good, but %d seconds old.", age)}
	}
	if age < -int64(tolerance.Seconds()) {
		return &SignatureError{TooNew, fmt.Sprintf("The signature is good, but %d seconds ahead of now.", -age)}
	}
	return nil
}

// Sign answers a signature of Standard Webhooks, as Punctual makes it: to test a receiver with.
func Sign(secret, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, keyOf(secret))
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// isSignedBy looks for the secret's signature among several, which a call has while its secret is replaced. It compares in constant time.
func isSignedBy(secret, signatures, id, timestamp string, body []byte) bool {
	expected, found := []byte(Sign(secret, id, timestamp, body)), false
	for _, signature := range strings.Split(signatures, " ") {
		found = hmac.Equal(expected, []byte(signature)) || found
	}
	return found
}

// keyOf answers the base64 bytes of a secret of Standard Webhooks; the text's own bytes of any other secret.
func keyOf(secret string) []byte {
	encoded, isStandard := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !isStandard || err != nil || len(key) == 0 {
		return []byte(secret)
	}
	return key
}
