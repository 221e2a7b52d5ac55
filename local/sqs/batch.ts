import { SqsError } from './errors.js';
import { type Input, optionalText, wrongType } from './parameters.js';

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

/** The entries of a batch request, checked by the rules that refuse the whole batch. */
export function batchEntries(input: Input): readonly Input[] {
  const entries = input['Entries'] ?? [];
  if (!Array.isArray(entries)) throw wrongType('Entries', 'a list');
  if (entries.length === 0)
    throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES)
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  checkIds(entries.map((entry: Input) => optionalText(entry, 'Id') ?? ''));
  return entries;
}

function checkIds(ids: readonly string[]): void {
  if (ids.some((id) => !ENTRY_ID.test(id)))
    throw new SqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}

/**
 * Performs each entry by itself: a success goes into `Successful`, a refusal into `Failed` with its error code. As in
 * SQS, an empty list is absent.
 */
export function eachEntry(entries: readonly Input[], perform: (entry: Input) => object): object {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry['Id'], ...perform(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      const { code, message, fault } = error;
      failed.push({ Id: entry['Id'], Code: code, Message: message, SenderFault: fault === 'Sender' });
    }
  }
  return { ...(successful.length > 0 && { Successful: successful }), ...(failed.length > 0 && { Failed: failed }) };
}
