import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasJava, type RunningServer, run, startJava } from './running-server.js';

const POM = join(__dirname, 'elasticmq.pom.xml');
const CACHE = join(__dirname, '../../node_modules/.cache');
const FOLDER = join(CACHE, 'elasticmq-1.7.1');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Why ElasticMQ, an SQS of other authors, cannot run here; undefined when it can, without a download. */
export function whatElasticMqLacks(): string | undefined {
  if (!hasJava()) return 'there is no Java here';
  if (existsSync(FOLDER)) return undefined;
  return spawnSync('mvn', ['--version']).status === 0
    ? `it is not in ${CACHE}`
    : 'there is no Maven here to fetch it with';
}

/** Downloads its jars, 37 MB, with Maven's own check of the content; throws when that fails. */
export function fetchElasticMq(): void {
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(join(CACHE, 'making-'));
  try {
    run('mvn', ['--quiet', '--batch-mode', '--file', POM, COPY, `-DoutputDirectory=${making}/jars`]);
    renameSync(join(making, 'jars'), FOLDER);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Starts it in memory, with the limits of SQS. */
export function startElasticMq(): Promise<RunningServer> {
  return startJava('ElasticMQ', (port) => [
    `-Drest-sqs.bind-port=${port}`,
    `-Dnode-address.port=${port}`,
    '-Drest-sqs.bind-hostname=127.0.0.1',
    '-Drest-stats.enabled=false',
    '-cp',
    join(FOLDER, '*'),
    'org.elasticmq.server.Main',
  ]);
}
