import db, { type Item } from 'dynalite/db/index.js';

/** The parts of a request that can be refused without its table or its expressions. */
export interface CheckedRequest {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValues?: string;
  readonly IndexName?: string;
  readonly Select?: string;
  readonly ProjectionExpression?: string;
  readonly AttributesToGet?: readonly string[];
  readonly Segment?: number;
  readonly TotalSegments?: number;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
}

type Value = Record<string, unknown>;

const MAX_PLACEHOLDER_LETTERS = 255;
/** Levels of nested lists and maps; an attribute's value itself is the 32nd level. */
const MAX_DEPTH = 31;

/** Throws for requests that AWS refuses and dynalite accepts. */
export function refuseRequest(operation: string, request: CheckedRequest): void {
  refuseValues(request);
  refusePlaceholders(request);
  if (operation === 'DeleteItem') refuseReturnValues(request);
  if (operation === 'Query' || operation === 'Scan') refuseSelect(request);
  if (operation === 'Scan') refuseSegment(request);
  if (operation === 'BatchWriteItem') refuseWrites(request);
}

function refuse(message: string): never {
  throw db.validationError(message);
}

function refuseValues({ Item = {}, ExpressionAttributeValues = {} }: CheckedRequest): void {
  const why = faultOf(Item);
  if (why !== undefined) refuse(why);
  for (const [name, value] of Object.entries(ExpressionAttributeValues)) {
    const fault = faultOf({ value });
    if (fault !== undefined) refuse(`ExpressionAttributeValues contains invalid value: ${fault} for key ${name}`);
  }
}

function faultOf(item: Item): string | undefined {
  if (hasNamelessAttribute(item)) return 'Empty attribute name';
  if (isTooDeep(item))
    return 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';
  return undefined;
}

/** Whether an item's lists and maps are nested deeper than AWS allows. */
export function isTooDeep(item: Item): boolean {
  const deeper = (value: Value, levels: number): boolean => {
    const inner = membersOf(value);
    return inner !== undefined && (levels === 0 || inner.some((member) => deeper(member, levels - 1)));
  };
  return Object.values(item).some((value) => deeper(value, MAX_DEPTH));
}

function hasNamelessAttribute(item: Item): boolean {
  return '' in item || Object.values(item).some((value) => holdsNamelessAttribute(value));
}

function holdsNamelessAttribute(value: Value): boolean {
  if ('M' in value) return hasNamelessAttribute(value['M'] as Item);
  return membersOf(value)?.some(holdsNamelessAttribute) ?? false;
}

/** The members of a list or map. */
export function membersOf(value: Value): Value[] | undefined {
  if ('L' in value) return value['L'] as Value[];
  return 'M' in value ? Object.values(value['M'] as Item) : undefined;
}

function refusePlaceholders(request: CheckedRequest): void {
  for (const map of ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const) {
    const long = Object.keys(request[map] ?? {}).find((placeholder) => placeholder.length > MAX_PLACEHOLDER_LETTERS);
    if (long !== undefined)
      refuse(
        `${map} contains invalid key: The expression attribute map contains a key that is too long; size of key: ${long.length}`,
      );
  }
}

function refuseReturnValues({ ReturnValues = 'NONE' }: CheckedRequest): void {
  if (!['NONE', 'ALL_OLD'].includes(ReturnValues)) refuse('ReturnValues can only be ALL_OLD or NONE');
}

function refuseSelect({ Select, IndexName, ProjectionExpression, AttributesToGet }: CheckedRequest): void {
  const projection = ProjectionExpression === undefined ? 'AttributesToGet' : 'ProjectionExpression';
  const isProjected = (ProjectionExpression ?? AttributesToGet) !== undefined;
  if (Select === 'COUNT' && isProjected) refuse(`Cannot specify the ${projection} when choosing to get only the Count`);
  if (Select?.startsWith('ALL_') && isProjected)
    refuse(`Cannot specify the ${projection} when choosing to get ${Select}`);
  if (Select === 'SPECIFIC_ATTRIBUTES' && !isProjected)
    refuse('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined)
    refuse('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
}

function refuseSegment({ Segment, TotalSegments }: CheckedRequest): void {
  if (Segment !== undefined && TotalSegments === undefined)
    refuse(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
}

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: object;
}

function refuseWrites({ RequestItems = {} }: CheckedRequest): void {
  for (const { PutRequest, DeleteRequest } of Object.values(RequestItems).flat() as WriteRequest[]) {
    if (PutRequest && DeleteRequest)
      refuse(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    if (PutRequest) refuseValues(PutRequest);
  }
}
