import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

/** The emulator's IAM, by the Query API: the project has no client of IAM. The emulator reads the key, not the signature. */
export class Iam {
  constructor(private readonly endpoint: string) {}

  /** Makes a managed policy of a file in docs/. Answers its ARN. */
  async createPolicy(name: string, file: string): Promise<string> {
    const document = readFileSync(join(DOCS, file), 'utf8');
    const answer = await this.call('CreatePolicy', { PolicyName: name, PolicyDocument: document });
    return /<Arn>(.*?)<\/Arn>/.exec(answer)![1]!;
  }

  async roles(): Promise<string[]> {
    const answer = await this.call('ListRoles', { MaxItems: '1000' });
    return [...answer.matchAll(/<RoleName>(.*?)<\/RoleName>/g)].map(([, name]) => name!);
  }

  private async call(Action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Action, Version: '2010-05-08', ...parameters });
    const scope = 'Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none';
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 ${scope}` },
      body,
    });
    const text = await response.text();
    assert(response.ok, `${Action}: ${text}`);
    return text;
  }
}
