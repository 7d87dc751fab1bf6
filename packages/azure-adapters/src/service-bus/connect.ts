import {
  parseServiceBusConnectionString,
  ServiceBusAdministrationClient,
  ServiceBusClient,
  type ServiceBusClientOptions,
} from '@azure/service-bus';
import { ProgrammingError } from '@diptych/core';
import type { ServiceBusAccess } from './service-bus-options.js';

export interface ServiceBusConnection {
  readonly client: ServiceBusClient;
  readonly administration: ServiceBusAdministrationClient;
}

// `RetryMode.Exponential`, which is in a package of its own.
const exponential = 0;

// Left alone the SDK waits 30 seconds between attempts, and a minute for an answer: also for that to a message whose
// link was lost, of which it is not told. The relay and subscriptions have pauses of their own after these.
const clientOptions: ServiceBusClientOptions = {
  retryOptions: {
    mode: exponential,
    maxRetries: 2,
    retryDelayInMs: 300,
    maxRetryDelayInMs: 3_000,
    timeoutInMs: 5_000,
  },
};

/** @throws ProgrammingError `service-bus-access` for a connection string that is none. */
export function connect(access: ServiceBusAccess): ServiceBusConnection {
  if (access.connectionString === undefined) {
    const { namespace, credential } = access;
    return {
      client: new ServiceBusClient(namespace, credential, clientOptions),
      administration: new ServiceBusAdministrationClient(namespace, credential),
    };
  }
  try {
    const { connectionString } = access;
    return {
      client: new ServiceBusClient(connectionString, clientOptions),
      administration: administrationOf(connectionString),
    };
  } catch (error) {
    throw new ProgrammingError(
      'service-bus-access',
      `This is no connection string of a Service Bus namespace: ${(error as Error).message}`,
    );
  }
}

/** The SDK always asks by HTTPS, and an emulator has no certificate. */
function administrationOf(connectionString: string): ServiceBusAdministrationClient {
  const administration = new ServiceBusAdministrationClient(connectionString);
  if (!isEmulator(connectionString)) return administration;
  administration.pipeline.addPolicy({
    name: 'without-tls',
    sendRequest(request, next) {
      request.url = request.url.replace(/^https:/, 'http:');
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
  return administration;
}

function isEmulator(connectionString: string): boolean {
  const { endpoint } = parseServiceBusConnectionString(connectionString);
  return endpoint !== undefined && /(^|;)UseDevelopmentEmulator=true(;|$)/.test(connectionString);
}

/**
 * The SDK's client for managing a namespace, which also finds an emulator.
 * @throws ProgrammingError `service-bus-access`.
 */
export function serviceBusAdministration(access: ServiceBusAccess): ServiceBusAdministrationClient {
  return connect(access).administration;
}
