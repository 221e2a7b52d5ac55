curl -X GET "/api/cron-service/jobs/job_8e4f2a1b/executions?limit=5" \
-H "X-API-KEY: your-api-key"
