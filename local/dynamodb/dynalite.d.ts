/** The part of dynalite 4.0.0 (which ships no types) that the local DynamoDB stands on. */
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
      sections: { path: Path; val?: unknown }[];
    }

    interface Table {
      TableName: string;
      TableStatus: string;
      GlobalSecondaryIndexes?: Index[];
      LocalSecondaryIndexes?: Index[];
    }

    interface Index {
      IndexName: string;
      IndexStatus?: string;
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
      /** In the order of the keys. Our own, beside what dynalite asks of a store. */
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
    validationError(message: string): Error;
  };
  export = db;
}

declare module 'dynalite/validations/index.js' {
  import type { Store, Updates } from 'dynalite/db/index.js';

  const validations: {
    checkTypes(input: object, types: object): { _updates?: Updates };
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
    /** By what they name; the parser deletes what it meets. */
    readonly unusedAttrNames: Record<string, unknown>;
    readonly unusedAttrVals: Record<string, unknown>;
  }

  interface Parser {
    /** What it finds wrong, beside the syntax, it answers in words. */
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
