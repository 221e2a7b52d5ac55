import { letsGo, withStatus } from '../../../../functions/subjects/endpoints/endpoint.js';
import { anEndpoint, type HttpEndpoint, START } from '../../../support/memory-world.js';

const plain = anEndpoint();
const like = (change: Partial<HttpEndpoint> = {}): HttpEndpoint => ({ ...plain, ...change });
const troubled: Partial<HttpEndpoint> = {
  status: 'disabled',
  disabled_reason: 'It answered 410 Gone.',
  disabled_at: START,
  announcement_due: true,
  failing_since: START - 1,
  rate_limit_per_second: 3,
};

test('active forgets all trouble, and nothing else', () => {
  expect(withStatus(like(troubled), 'active', START + 1)).toEqual(like({ rate_limit_per_second: 3 }));
});

test('pausing keeps in mind since when it has failed', () => {
  const paused = withStatus(like(troubled), 'paused', START + 1);
  expect(paused).toEqual(like({ status: 'paused', failing_since: START - 1, rate_limit_per_second: 3 }));
});

test('who disables it, and when; one that is disabled keeps its reason', () => {
  const reason = { disabled_reason: 'Disabled through the API.', disabled_at: START + 1 };
  expect(withStatus(like(), 'disabled', START + 1)).toEqual(like({ status: 'disabled', ...reason }));
  expect(withStatus(like(troubled), 'disabled', START + 1)).toEqual(like(troubled));
});

const paused = like({ status: 'paused' });
const limited = like({ max_concurrency: 2 });
test.each([
  ['resumed', paused, like(), true],
  ['disabled while paused', paused, like({ status: 'disabled' }), true],
  ['deleted while paused', paused, undefined, true],
  ['still paused', paused, paused, false],
  ['paused', limited, like({ max_concurrency: 2, status: 'paused' }), false],
  ['without its limit', limited, like(), true],
  ['with another limit', limited, like({ max_concurrency: 5 }), false],
  ['disabled with a limit', limited, like({ max_concurrency: 2, status: 'disabled' }), true],
  ['never limited', like(), like({ status: 'disabled' }), false],
])('%s: lets held runs go: %#', (_name, before, after, expected) => {
  expect(letsGo(before, after)).toBe(expected);
});
