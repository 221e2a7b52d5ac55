import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { Punctual } from '../../clients/typescript/punctual.js';
import { version } from '../../package.json';
import { explain } from '../exit-codes.js';
import { TOOLS, type Tool } from './tools.js';

/** Serves the client's operations over standard input and output, until the input ends. */
export async function serveMcp(punctual: Punctual, allowWrites: boolean): Promise<void> {
  const tools = TOOLS.filter(({ writes }) => allowWrites || !writes);
  const server = new Server({ name: 'punctual', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(described) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}.`);
    return called(tool, punctual, params.arguments ?? {});
  });
  await server.connect(new StdioServerTransport());
}

function described({ name, description, writes = false, properties, required = [] }: Tool) {
  return {
    name,
    description,
    inputSchema: {
      type: 'object' as const,
      properties: { ...properties },
      required: [...required],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: !writes, openWorldHint: true },
  };
}

/** What the API refuses is told to the assistant, which can mend it. */
async function called(tool: Tool, punctual: Punctual, given: object): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await tool.call(punctual, given)) }] };
  } catch (error) {
    const known = explain(error);
    if (known === undefined) throw error;
    return { isError: true, content: [{ type: 'text', text: known.message }] };
  }
}
