// server.js — Express
import express from "express";

const app = express();
app.use(express.json());

app.post("/hooks/trial-expiry", (req, res) => {
  const { jobId, title, payload, firedAt } = req.body;

  // Acknowledge with a 2xx first — anything else (including a crash or
  // a slow handler) makes Dispatch retry, so do the heavy work after.
  res.status(200).json({ received: true });

  setImmediate(async () => {
    try {
      // Retries mean at-least-once delivery: use jobId as an idempotency
      // key so a retried delivery can't send the email twice.
      await sendTrialExpiryEmail(jobId, payload.userId);
    } catch (err) {
      console.error(`hook ${jobId} (${title}) failed:`, err);
    }
  });
});

app.listen(5000);
