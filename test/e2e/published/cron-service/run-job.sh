curl -X POST "/api/cron-service/jobs/job_8e4f2a1b/run" \
-H "X-API-KEY: your-api-key"
