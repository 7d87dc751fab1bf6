export type { VerifyToken } from './bearer-identity.js';
export { bearerIdentity } from './bearer-identity.js';
export type { CommandStatus, HttpApp, HttpMessage, HttpMessages, SentCommand } from './http-app.js';
export type { FailedRequest, HttpHandlerOptions } from './http-handler.js';
export { httpHandler } from './http-handler.js';
export type { Identify, Identity } from './identity.js';
export type { Problem } from './problem.js';
export { UnauthenticatedError } from './request-errors.js';
