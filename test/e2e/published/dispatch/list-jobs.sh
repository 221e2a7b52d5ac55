curl "https://api-dispatch.imtiyazsayyid.in/api/v1/jobs?status=SCHEDULED&limit=20" \
  -H "Authorization: Bearer <session-token>"
