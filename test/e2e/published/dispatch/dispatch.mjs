// dispatch.js — Node 18+, no SDK needed
const DISPATCH_URL = process.env.DISPATCH_URL ?? "https://api-dispatch.imtiyazsayyid.in";
const DISPATCH_API_KEY = process.env.DISPATCH_API_KEY; // sk_...

export async function scheduleJob({ title, webhookUrl, fireAt, payload }) {
  const res = await fetch(`${DISPATCH_URL}/api/v1/jobs`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "x-api-key": DISPATCH_API_KEY,
    },
    body: JSON.stringify({
      title,
      webhookUrl,
      fireAt: fireAt.toISOString(), // UTC with trailing Z — required
      payload,
    }),
  });

  const body = await res.json().catch(() => null);
  if (!res.ok || !body?.status) {
    throw new Error(body?.message ?? `Dispatch returned ${res.status}`);
  }
  return body.data; // the created job — keep data.id if you may cancel it
}

const job = await scheduleJob({
  title: "Trial expiry reminder",
  webhookUrl: "https://your-app.com/hooks/trial-expiry",
  fireAt: new Date(Date.now() + 24 * 60 * 60 * 1000),
  payload: { userId: "usr_812" },
});
console.log(`scheduled ${job.id}, fires at ${job.fireAt}`);
