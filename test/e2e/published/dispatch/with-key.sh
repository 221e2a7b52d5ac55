# every scheduling call carries a project's API key
curl https://api-dispatch.imtiyazsayyid.in/api/v1/jobs \
  -H "x-api-key: sk_4f8a2c9b51de836b91c0a7e2d4f6a8b0" \
  ...
