/**
 * Endpoint discovery, switched off. The DynamoDB client uses discovery only when it is switched on, which no stage
 * does. The real module keeps a cache of endpoints: 8.6 KB of each bundle.
 */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;

const isOff = () => undefined;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: isOff,
  configFileSelector: isOff,
  default: undefined,
};
