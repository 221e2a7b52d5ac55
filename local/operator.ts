import { type ApiClient, apiClient } from './api-client.js';

/** The API, for a person who has signed in with the operator key. */
export async function signedIn(api: string, operator_key: string): Promise<ApiClient> {
  const { token } = await apiClient(api).request<{ token: string }>('POST', '/v1/sessions', { operator_key });
  return apiClient(api, { authorization: `Bearer ${token}` });
}

/** An address of the console that signs in there, once, within ten minutes. */
export async function consoleLink(api: string, operator: ApiClient): Promise<string> {
  const { token } = await operator.request<{ token: string }>('POST', '/v1/sessions/link');
  return `${api}/console/#portal=${token}`;
}
