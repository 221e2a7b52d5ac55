// Generated from the OpenAPI document, and shared with the console. The package has the generated file itself in its place.
export type { components, operations } from '../../console/api/schema.js';
