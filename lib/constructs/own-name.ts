import { AaaaRecord, ARecord, HostedZone, type IAliasRecordTarget, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Domain } from '../config.js';

/** The records by which a name of the user's leads to a part of the stack. */
export class OwnName extends Construct {
  constructor(
    scope: Construct,
    id: string,
    recordName: string,
    { id: hostedZoneId, name: zoneName }: NonNullable<Domain['hostedZone']>,
    target: IAliasRecordTarget,
    families: 'IPv4' | 'both',
  ) {
    super(scope, id);
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const record = { zone, recordName: `${recordName}.`, target: RecordTarget.fromAlias(target) };
    new ARecord(this, 'IPv4', record);
    if (families === 'both') new AaaaRecord(this, 'IPv6', record);
  }
}
