import {
  DescribeExportCommand,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
  type ExportTableToPointInTimeCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AuditExport, AuditExports } from '../subjects/audit/export-audit.js';
import { auditExportKey } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

/** @param table where the progress is kept */
export function createAuditExports(
  client: DynamoDBDocumentClient,
  table: string,
  audit: { readonly tableArn: string; readonly bucket: string },
): AuditExports {
  const progress = new Table(client, table);
  async function start(what: Partial<ExportTableToPointInTimeCommandInput>): Promise<ExportDescription> {
    const input = { TableArn: audit.tableArn, S3Bucket: audit.bucket, S3Prefix: 'audit', ...what };
    const { ExportDescription } = await client.send(new ExportTableToPointInTimeCommand(input));
    return ExportDescription!;
  }

  return {
    async last() {
      const row = await progress.get(auditExportKey);
      return row && fieldsOf<AuditExport>(row);
    },

    put: (last) => progress.putVersion(rowOf({ ...auditExportKey, ...last }, [])),

    async state({ export_arn }) {
      const { ExportDescription: found } = await client.send(new DescribeExportCommand({ ExportArn: export_arn }));
      if (found?.ExportStatus === 'IN_PROGRESS') return 'running';
      return found?.ExportStatus === 'COMPLETED' ? 'completed' : { failure: found?.FailureMessage ?? 'unknown' };
    },

    async start(version, from, until) {
      const { ExportArn } = await start({
        ClientToken: `audit-${version}-${from}`,
        ExportType: 'INCREMENTAL_EXPORT',
        IncrementalExportSpecification: {
          ExportFromTime: new Date(from),
          ExportToTime: new Date(until),
          ExportViewType: 'NEW_IMAGE',
        },
      });
      return ExportArn!;
    },

    async startWhole() {
      const { ExportArn, ExportTime } = await start({});
      return { export_arn: ExportArn!, until: ExportTime!.getTime() };
    },
  };
}
