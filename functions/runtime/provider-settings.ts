import * as z from 'zod/mini';
import type { ProviderSettings } from '../subjects/sessions/identity.js';

const role = z.enum(['viewer', 'member', 'admin']);
/** `lib/config.ts` says what each of them is. */
const settingsSchema = z.object({
  issuer: z.url(),
  clientId: z.string(),
  clientSecretArn: z.optional(z.string()),
  scopes: z._default(z.array(z.string()), ['openid', 'email', 'profile']),
  groupsClaim: z._default(z.string(), 'groups'),
  nameClaim: z._default(z.string(), 'email'),
  roles: z.record(z.string(), z.record(z.string(), role)),
  label: z._default(z.string(), 'your organization'),
});

/** @param text the variable IDENTITY_PROVIDER, if the stage has a provider */
export function providerSettings(text: string | undefined): ProviderSettings | undefined {
  return text === undefined ? undefined : settingsSchema.parse(JSON.parse(text));
}
