import { accessLogBytes } from '../../../../local/bench/costs/access-log.js';

const template = (Format: string) => ({
  Resources: { Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { AccessLogSettings: { Format } } } },
});

test('a line is its format with what AWS puts into it, and what CloudWatch adds', () => {
  expect(accessLogBytes(template('{"status":"$context.status"}'))).toBe('{"status":"201"}'.length + 26);
});

test('a field of unknown length is refused', () => {
  expect(() => accessLogBytes(template('$context.new'))).toThrow('context.new');
});
