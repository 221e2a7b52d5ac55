/** A failed request to the API, with the problem that the API answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    request: string,
    readonly status: number,
    readonly problem: string,
  ) {
    super(`${request} answered ${status}: ${problem}`);
  }
}

export interface ApiClient {
  /** @throws ApiError for any status but 2xx */
  request<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Calls the HTTP API at `base` as a user would; `credential` is the header with the credential. */
export function apiClient(base: string, credential: Readonly<Record<string, string>> = {}): ApiClient {
  return {
    async request<Answer>(method: string, path: string, body?: unknown) {
      const response = await fetch(base + path, {
        method,
        headers: { ...credential, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new ApiError(`${method} ${path}`, response.status, text);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
  };
}
