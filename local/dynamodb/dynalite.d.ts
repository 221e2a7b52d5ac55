/** The part of dynalite 4.0.0 (which ships no types) that the local DynamoDB uses. */
declare module 'dynalite/db/index.js' {
  namespace db {
    type Callback<Value = void> = (error: Error | null, value?: Value) => void;
    /** An item in DynamoDB's own JSON: `{ id: { S: 'x' } }`. */
    type Item = Record<string, Record<string, unknown>>;
    /** `a.b[1]` as ['a', 'b', 1]. */
    type Path = (string | number)[];
    type Operation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

    /** A parsed UpdateExpression; `val` is a value, a path to read from, or a function with `args` of either. */
    interface Updates {
      sections: { type: 'set' | 'remove' | 'add' | 'delete'; path: Path; val?: unknown }[];
    }

    interface Table {
      TableName: string;
      TableStatus: string;
      AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
      KeySchema: KeySchema;
      GlobalSecondaryIndexes?: Index[];
      LocalSecondaryIndexes?: Index[];
    }

    type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];

    interface Index {
      IndexName: string;
      IndexStatus?: string;
      KeySchema: KeySchema;
      Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
    }

    /** A Query or a Scan, its expressions parsed. */
    interface Read {
      IndexName?: string;
      Select?: string;
      ConsistentRead?: boolean;
      AttributesToGet?: string[];
      KeyConditions?: Record<string, { AttributeValueList: Item[string][] }>;
      QueryFilter?: object;
      ScanFilter?: object;
      _projection?: { paths: Path[] };
      _filter?: { expression: Condition; pathHeads: Record<string, true> };
    }

    interface Conditional {
      ReturnValuesOnConditionCheckFailure?: string;
      _condition?: { expression: Condition };
    }

    /** A parsed condition: an operator, or a function with a `name`, and its operands. */
    interface Condition {
      type: string;
      name?: string;
      args: unknown[];
    }

    /** An error that AWS would answer with 4xx. */
    interface Refusal extends Error {
      statusCode: number;
      body: { __type: string; message?: string; Item?: Item };
    }

    interface Range {
      gt?: string;
      gte?: string;
      lt?: string;
      lte?: string;
      reverse?: boolean;
    }

    /** One ordered store for all tables; keys start with `<kind>-<table>[~<index>]~`. */
    interface Level {
      get(key: string, done: Callback<unknown>): void;
      put(key: string, value: unknown, done: Callback): void;
      del(key: string, done: Callback): void;
      batch(operations: Operation[], done: Callback): void;
      /** Entries in the order of the keys. Our addition to dynalite's interface of a store. */
      entries(range: Range): Iterable<{ key: string; value: unknown }>;
    }

    interface Store {
      db: Level;
      tableDb: {
        get(name: string, done: Callback<Table>): void;
        put(name: string, table: Table, done: Callback): void;
        createKeyStream(): import('node:stream').Readable;
      };
      getTable(name: string, checkStatus: boolean, done: Callback<Table>): void;
    }
  }

  const db: {
    create(options: { createTableMs: number; deleteTableMs: number; updateTableMs: number }): db.Store;
    createKey(item: db.Item, table: db.Table): string;
    getIndexActions(
      indexes: db.Index[],
      before: db.Item | null | undefined,
      after: db.Item | null | undefined,
      table: db.Table,
    ): { puts: { index: string; key: string; item: db.Item }[]; deletes: { index: string; key: string }[] };
    updateIndexes(
      store: db.Store,
      table: db.Table,
      before: db.Item | null | undefined,
      after: db.Item | null | undefined,
      done: db.Callback,
    ): void;
    itemSize(item: db.Item): number;
    mapPath(path: db.Path, item: db.Item): unknown;
    compare(comparison: string, value: db.Item[string] | undefined, others: (db.Item[string] | undefined)[]): unknown;
    mapPaths(paths: db.Path[], item: db.Item): db.Item;
    checkConditional(request: db.Conditional, existing: db.Item | undefined): db.Refusal | null | undefined;
    queryTable(
      store: db.Store,
      table: db.Table,
      read: db.Read,
      range: object,
      isLocal: boolean,
      fetches: boolean,
      startKeyNames: string[],
      done: db.Callback<object>,
    ): void;
    validateItem(item: db.Item, table: db.Table): Error | null | undefined;
    validateKey(key: db.Item, table: db.Table, schema?: db.KeySchema): Error | null | undefined;
    validationError(message: string): db.Refusal;
  };
  export = db;
}

declare module 'dynalite/validations/index.js' {
  import type { Item, Store, Updates } from 'dynalite/db/index.js';

  const validations: {
    checkTypes(input: object, types: object): { Item?: Item; _updates?: Updates };
    checkValidations(input: object, types: object, custom: unknown, store: Store): void;
    toLowerFirst(name: string): string;
  };
  export = validations;
}

declare module 'dynalite/db/parser.js' {
  /** `{ S: 'x' }`. */
  type Value = Record<string, unknown>;

  interface ExpressionContext {
    readonly attrNames?: Record<string, string>;
    readonly attrVals?: Record<string, Value>;
    /** The unused names; the parser deletes each name that it meets. */
    readonly unusedAttrNames: Record<string, unknown>;
    readonly unusedAttrVals: Record<string, unknown>;
  }

  interface Parser {
    /** Returns a string for a fault other than of syntax; throws for a fault of syntax. */
    parse(expression: string, options: { context: ExpressionContext }): object | string;
  }
}

declare module 'dynalite/db/conditionParser.js' {
  const parser: import('dynalite/db/parser.js').Parser;
  export = parser;
}

declare module 'dynalite/db/projectionParser.js' {
  const parser: import('dynalite/db/parser.js').Parser;
  export = parser;
}

declare module 'dynalite/db/updateParser.js' {
  const parser: import('dynalite/db/parser.js').Parser;
  export = parser;
}
