import {
  ListSecretVersionIdsCommand,
  type SecretsManagerClient,
  type SecretVersionsListEntry,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { createKeyring } from '../primitives/encryption.js';
import { keptLabel, readVersion } from './secrets.js';

/** Secrets Manager allows 20 labels of a secret: so many are ours, and two its own. The rest is left to the operator. */
export const MOST_KEPT = 16;
const IS_KEPT = /^key-[0-9a-f]{8}$/;

/**
 * Gives the newest versions of the master secret a label each, by which `secrets.ts` finds them: task runs and answers
 * are not encrypted anew, and Secrets Manager may delete a version without a label once it is a day old. Each version
 * gets its label in the round after it was put, also where a second one was put in between.
 */
export async function keepSecrets(client: SecretsManagerClient, SecretId: string): Promise<void> {
  const { Versions = [] } = await client.send(
    new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true, MaxResults: 100 }),
  );
  const byAge = [...Versions].sort((a, b) => b.CreatedDate!.getTime() - a.CreatedDate!.getTime());
  const move = (VersionStage: string, change: { MoveToVersionId?: string; RemoveFromVersionId?: string }) =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, ...change }));
  for (const version of byAge.slice(MOST_KEPT))
    for (const label of labelsOf(version)) await move(label, { RemoveFromVersionId: version.VersionId! });
  const newest = byAge.slice(0, MOST_KEPT);
  const given = new Set(newest.flatMap(labelsOf));
  for (const version of newest.filter((each) => labelsOf(each).length === 0)) {
    const { SecretString } = await readVersion(client, { SecretId, VersionId: version.VersionId! });
    const label = keptLabel(createKeyring(SecretString!)[0].id);
    // The same secret, put again, has the same key.
    if (!given.has(label)) await move(label, { MoveToVersionId: version.VersionId! });
    given.add(label);
  }
}

function labelsOf({ VersionStages = [] }: SecretVersionsListEntry): string[] {
  return VersionStages.filter((label) => IS_KEPT.test(label));
}
