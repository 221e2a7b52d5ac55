/** A browser as far as a sign-in needs one: it keeps cookies, by host and port, and follows redirects. */
export class Browsing {
  private readonly jars = new Map<string, Map<string, string>>();

  constructor(readonly headers: Readonly<Record<string, string>> = {}) {}

  cookies(address: string): Map<string, string> {
    const { host } = new URL(address);
    const jar = this.jars.get(host) ?? new Map<string, string>();
    this.jars.set(host, jar);
    return jar;
  }

  /** One request, without what it redirects to. */
  async ask(address: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.cookies(address);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, ...(init.headers as object), ...(cookie && { cookie }) };
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split(/=(.*)/s) as [string, string];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows redirects until a page, or the address at which `isThere`. */
  async follow(
    address: string,
    isThere: (address: string) => boolean,
    init?: RequestInit,
  ): Promise<[string, Response?]> {
    if (isThere(address)) return [address];
    const response = await this.ask(address, init);
    const next = response.headers.get('location');
    return next === null ? [address, response] : this.follow(new URL(next, address).href, isThere);
  }
}
