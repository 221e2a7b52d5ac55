curl -X POST https://api-dispatch.imtiyazsayyid.in/api/v1/jobs \
  -H "Content-Type: application/json" \
  -H "x-api-key: sk_4f8a2c9b51de836b91c0a7e2d4f6a8b0" \
  -d '{
    "title": "Trial expiry reminder",
    "webhookUrl": "https://your-app.com/hooks/trial-expiry",
    "fireAt": "2026-06-13T09:30:00Z",
    "payload": { "userId": "usr_812", "plan": "pro" }
  }'
