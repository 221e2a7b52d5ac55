import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON, read by those who know the resource.
export type Json = any;

/** A cloud assembly with one stack, as `cdk synth` leaves it and `cdk deploy --app` takes it. */
export class Assembly {
  constructor(
    readonly folder: string,
    readonly stack: string,
  ) {}

  template(): Json {
    return JSON.parse(readFileSync(this.file(), 'utf8'));
  }

  /** Resources of that type, by logical id. */
  resources(type: string): [string, Json][] {
    return Object.entries<Json>(this.template().Resources).filter(([, resource]) => resource.Type === type);
  }

  has(isIt: (resource: Json) => boolean): boolean {
    return Object.values<Json>(this.template().Resources).some(isIt);
  }

  /** Changes the template, and the name that it is uploaded under: what was uploaded already is not uploaded again. */
  change(edit: (template: Json) => void): void {
    const template = this.template();
    edit(template);
    const text = JSON.stringify(template, null, 1);
    writeFileSync(this.file(), text);
    const names = ['manifest.json', `${this.stack}.assets.json`].map((name) => join(this.folder, name));
    const [manifest, assets] = names.map((name) => readFileSync(name, 'utf8')) as [string, string];
    const [before] = /[0-9a-f]{64}(?=\.json)/.exec(manifest)!;
    const after = createHash('sha256').update(text).digest('hex');
    writeFileSync(names[0]!, manifest.replaceAll(before, after));
    writeFileSync(names[1]!, assets.replaceAll(before, after));
  }

  private file(): string {
    return join(this.folder, `${this.stack}.template.json`);
  }
}
