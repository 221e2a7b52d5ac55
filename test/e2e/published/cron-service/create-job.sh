curl -X POST /api/cron-service/jobs \
-H "Content-Type: application/json" \
-H "X-API-KEY: your-api-key" \
-d '{
"name": "Refresh Cache",
"cronExpression": "*/5 * * * *",
"timezone": "UTC",
"targetUrl": "https://api.mycompany.com/internal/cache/refresh",
"httpMethod": "POST",
"headers": { "Authorization": "Bearer internal-token" },
"body": "{\"scope\": \"products\"}",
"overlapPolicy": "SKIP"
}'
