import type { Command } from 'commander';
import { client } from '../credentials.js';
import { type CommonOptions, leaf } from '../program.js';

interface McpOptions extends CommonOptions {
  readonly allowWrites?: boolean;
}

export function mcpCommand(program: Command): void {
  leaf(program, 'mcp')
    .description('serve an assistant by the Model Context Protocol, over standard input and output')
    .option('--allow-writes', 'also what sends, cancels, replays or changes something')
    .action(async ({ profile, allowWrites = false }: McpOptions) => {
      const punctual = client(profile);
      // Loaded on demand: the other commands do not wait for it.
      const { serveMcp } = await import('../mcp/server.js');
      await serveMcp(punctual, allowWrites);
    });
}
