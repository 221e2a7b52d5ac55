import type { CloudFormationTemplate } from '../../template.js';
import { LOG_LINE_BYTES } from './prices.js';

/** Values as long as AWS's own. */
const TYPICAL: Record<string, string> = {
  'context.requestId': 'JKJaXmPLvHcESHA=',
  'context.identity.sourceIp': '203.0.113.113',
  'context.httpMethod': 'POST',
  'context.path': '/v1/tasks',
  'context.status': '201',
  'context.responseLatency': '42',
  'context.integrationErrorMessage': '-',
};

/** Bytes of a request's line in the HTTP API's access log. */
export function accessLogBytes({ Resources }: CloudFormationTemplate): number {
  const stages = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
  const formats = stages.map(
    ({ Properties }) => (Properties as { AccessLogSettings: { Format: string } }).AccessLogSettings.Format,
  );
  return formats.reduce((total, format) => total + LOG_LINE_BYTES + filled(format).length, 0);
}

function filled(format: string): string {
  return format.replace(/\$([a-zA-Z.]+)/g, (_, name: string) => {
    const value = TYPICAL[name];
    if (value === undefined) throw new Error(`the access log has ${name}: say how long it is`);
    return value;
  });
}
