# fireAt must be in the future — set it a couple of minutes out
curl -X POST https://api-dispatch.imtiyazsayyid.in/api/v1/jobs \
  -H "Content-Type: application/json" \
  -H "x-api-key: sk_your_key_here" \
  -d '{
    "title": "Hello from Dispatch",
    "webhookUrl": "https://your-app.com/hooks/hello",
    "fireAt": "2026-06-12T12:00:00Z",
    "payload": { "greeting": "right on time" }
  }'
