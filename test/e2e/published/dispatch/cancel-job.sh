curl -X DELETE \
  https://api-dispatch.imtiyazsayyid.in/api/v1/jobs/3f6c2b8e-7a41-4c9d-9b21-d5a0c3e8f612 \
  -H "x-api-key: sk_4f8a2c9b51de836b91c0a7e2d4f6a8b0"
