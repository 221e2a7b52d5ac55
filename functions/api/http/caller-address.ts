import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ApiSettings } from '../../runtime/api-ports.js';

/**
 * Where the request was made. Through the console's distribution it is the viewer's address: the distribution adds it to
 * X-Forwarded-For, and API Gateway then adds the distribution's own. What else is in that header, any caller can write.
 */
export function callerAddress(
  { headers, requestContext }: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
  { distributionMark }: Pick<ApiSettings, 'distributionMark'>,
): string {
  const mark = headers['x-punctual-distribution'];
  const isThroughDistribution = mark !== undefined && mark === distributionMark;
  const viewer = isThroughDistribution ? headers['x-forwarded-for']?.split(',').at(-2)?.trim() : undefined;
  return viewer || requestContext.http.sourceIp;
}
