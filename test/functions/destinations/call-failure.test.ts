import { callFailure } from '../../../functions/destinations/call-failure.js';
import { isTimeoutCode } from '../../../functions/destinations/outcome.js';

const withCode = (code: string, message = 'node says token=secret') => Object.assign(new Error(message), { code });

test.each([
  ['ECONNREFUSED', 'connection_refused'],
  ['ECONNRESET', 'connection_reset'],
  ['EPIPE', 'connection_reset'],
  ['ENOTFOUND', 'dns_not_found'],
  ['EAI_AGAIN', 'dns_failed'],
  ['EHOSTUNREACH', 'host_unreachable'],
  ['ENETUNREACH', 'host_unreachable'],
  ['HPE_INVALID_CONSTANT', 'malformed_response'],
  ['HPE_HEADER_OVERFLOW', 'response_headers_too_large'],
  ['CERT_HAS_EXPIRED', 'tls_certificate_invalid'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_certificate_invalid'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_certificate_invalid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_certificate_invalid'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_failed'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls_failed'],
  ['EPROTO', 'tls_failed'],
  ['ERR_INVALID_CHAR', 'invalid_request'],
  ['EMFILE', 'network_error'],
])('%s is %s, told by host and never in node’s words', (nodeCode, code) => {
  const { status, error } = callFailure(withCode(nodeCode), 'connect', 'hooks.example:8443');
  expect([status, error.code]).toEqual(['failed', code]);
  expect(error.message).toMatch(/^hooks\.example:8443 .+\.$/);
  expect(error.message).not.toContain('secret');
});

test.each(['connect', 'response', 'body'] as const)('the operating system giving up in %s is a timeout', (phase) => {
  const { status, error } = callFailure(withCode('ETIMEDOUT'), phase, 'hooks.example');
  expect([status, error.code]).toEqual(['timed_out', `timeout_${phase}`]);
  expect(isTimeoutCode(error.code)).toBe(true);
});

test('of several addresses the last one’s error counts', () => {
  const both = new AggregateError([withCode('ETIMEDOUT'), withCode('ECONNREFUSED')]);
  expect(callFailure(both, 'connect', 'hooks.example').error.code).toBe('connection_refused');
});

test.each([undefined, 'text', new Error('no code'), new AggregateError([])])('%p is some failure too', (error) => {
  expect(callFailure(error, 'connect', 'hooks.example').error.code).toBe('network_error');
});
