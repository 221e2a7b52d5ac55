import type { Json } from './assembly.js';
import { asTheEmulatorAsks } from './emulated-policies.js';
import { leaveOut } from './leave-out.js';
import { LACKING } from './shortcomings.js';

/** The receiver is on this machine, as with `npm start`. A custom resource gets 20 seconds, not the default hour. */
export function forThisMachine(template: Json): void {
  for (const { Type, Properties } of Object.values<Json>(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && Properties.Environment?.Variables.ALLOW_LOOPBACK)
      Properties.Environment.Variables.ALLOW_LOOPBACK = 'true';
    if (Properties?.ServiceToken) Properties.ServiceTimeout = '20';
  }
}

/** Also without what the emulator was seen to lack. */
export function asFarAsItGoes(template: Json): void {
  forThisMachine(template);
  asTheEmulatorAsks(template);
  for (const { isIt } of LACKING) leaveOut(template, isIt);
}
