import requests
resp = requests.post(
"/api/cron-service/jobs",
headers={"X-API-KEY": "your-api-key"},
json={
"name": "Refresh Cache",
"cronExpression": "*/5 * * * *",
"timezone": "UTC",
"targetUrl": "https://api.mycompany.com/internal/cache/refresh",
"httpMethod": "POST",
"headers": {"Authorization": "Bearer internal-token"},
"body": "{\"scope\": \"products\"}",
"overlapPolicy": "SKIP"
}
)
job = resp.json()["data"]
print(f"Job ID: {job['jobId']}, next run: {job['nextRunAt']}")
