/** What an endpoint of a known service needs, and what a payload for it looks like. */
export interface Template {
  readonly title: string;
  /** The same for all its users; without it each user has a URL of their own, like the placeholder. */
  readonly url?: string;
  readonly placeholder: string;
  /** Calls a second that the service takes. */
  readonly rate: number;
  /** The least that the service takes. */
  readonly payload: object;
}

export const TEMPLATES: Readonly<Record<string, Template>> = {
  slack: {
    title: 'Slack, an incoming webhook',
    placeholder: 'https://hooks.slack.com/services/T…/B…/…',
    rate: 1,
    payload: { text: 'Invoice inv_123 is paid.' },
  },
  discord: {
    title: 'Discord, a webhook of a channel',
    placeholder: 'https://discord.com/api/webhooks/…/…',
    rate: 0.5,
    payload: { content: 'Invoice inv_123 is paid.' },
  },
  teams: {
    title: 'Microsoft Teams, a workflow with a webhook',
    placeholder: 'https://….logic.azure.com/workflows/…',
    rate: 4,
    payload: {
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            version: '1.4',
            body: [{ type: 'TextBlock', text: 'Invoice inv_123 is paid.', wrap: true }],
          },
        },
      ],
    },
  },
  pagerduty: {
    title: 'PagerDuty, Events API v2',
    url: 'https://events.pagerduty.com/v2/enqueue',
    placeholder: 'https://events.pagerduty.com/v2/enqueue',
    rate: 2,
    payload: {
      routing_key: 'your integration key',
      event_action: 'trigger',
      dedup_key: 'inv_123',
      payload: { summary: 'Invoice inv_123 has failed.', source: 'billing', severity: 'error' },
    },
  },
};
