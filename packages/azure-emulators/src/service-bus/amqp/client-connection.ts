import type { Socket } from 'node:net';
import type { Connection } from 'rhea';
import type { FaultPlan } from '../../faults/fault-plan.js';
import { allows, type Claim, type Right, type SharedAccessKeys } from '../access/shared-access-keys.js';
import { parseAddress } from '../entities/entity-address.js';
import { locateSource, locateTarget } from '../entities/locate.js';
import type { Namespace } from '../entities/namespace.js';
import { badRequest, ServiceBusError, unauthorized } from '../errors/service-bus-error.js';
import { managementNode } from '../management/management-node.js';
import { claimsNode } from './claims-node.js';
import { withFaults } from './fault-injection.js';
import type { LinkContext, OpenLink } from './link-context.js';
import { refuseLink } from './outgoing-link.js';
import { openReceiveLink } from './receive-link.js';
import { openReplyLink, openRequestLink } from './request-link.js';
import type { ServerReceiver, ServerSender, ServerSession } from './rhea-links.js';
import { openSendLink } from './send-link.js';
import { openSessionLink, sessionFilter } from './session-receive-link.js';

export interface Server {
  readonly namespace: Namespace;
  readonly keys: SharedAccessKeys;
  readonly faults: FaultPlan;
}

type AnyLink = ServerSender | ServerReceiver;

const claimsAddress = '$cbs';

/** One client: what it may do, and the links that it has open. */
export class ClientConnection implements LinkContext {
  readonly namespace: Namespace;
  readonly faults: FaultPlan;
  readonly claims = new Map<string, Claim>();
  private readonly links = new Map<AnyLink, OpenLink>();

  constructor(
    private readonly server: Server,
    connection: Connection,
    private readonly socket: Socket,
  ) {
    this.namespace = server.namespace;
    this.faults = server.faults;
    connection.on('session_open', ({ session }) => leaveTransfersEncoded(session as ServerSession));
    connection.on('session_close', ({ session }) => this.closeAll((link) => link.session === session));
    connection.on('sender_open', ({ sender }) => this.opened(sender as ServerSender));
    connection.on('receiver_open', ({ receiver }) => this.opened(receiver as unknown as ServerReceiver));
    connection.on('sender_close', ({ sender }) => this.closeAll((link) => link === sender));
    connection.on('receiver_close', ({ receiver }) =>
      this.closeAll((link) => link === (receiver as unknown)),
    );
    // Not every loss of a socket is an event of rhea's.
    socket.on('close', () => this.closeAll(() => true));
  }

  cut(): void {
    this.socket.destroy(new Error('The connection was cut by the fault plan.'));
  }

  assertAllowed(entity: string, rights: readonly Right[]): void {
    if (allows(this.claims.values(), entity, rights)) return;
    throw unauthorized(
      `Unauthorized access. '${rights.join("' or '")}' claim(s) are required on '${entity}'.`,
    );
  }

  private opened(link: AnyLink): void {
    const refuse = (error: ServiceBusError) => refuseLink(link, error);
    const address = addressOf(link);
    withFaults('attach', { connection: this, link, entity: address, refuse }, () => {
      const open = this.open(link, address);
      if (open !== undefined) this.links.set(link, open);
      return undefined;
    });
  }

  private open(link: AnyLink, address: string): OpenLink | undefined {
    if (address === '') throw badRequest('A link needs the address of an entity.');
    if (link.is_sender()) return this.openToClient(link as ServerSender, address);
    return this.openFromClient(link as ServerReceiver, address);
  }

  /** The client receives. */
  private openToClient(link: ServerSender, address: string): OpenLink | undefined {
    if (address === claimsAddress || parseAddress(address).isManagement) {
      openReplyLink(link);
      return undefined;
    }
    this.assertAllowed(address, ['Listen']);
    const source = locateSource(this.namespace, address);
    const wantsSession = link.source.filter !== undefined && sessionFilter in link.source.filter;
    return wantsSession ? openSessionLink(this, link, source) : openReceiveLink(this, link, source);
  }

  /** The client sends, or asks. */
  private openFromClient(link: ServerReceiver, address: string): OpenLink | undefined {
    if (address === claimsAddress) {
      openRequestLink(this, link, claimsNode({ ...this.server, claims: this.claims }));
      return undefined;
    }
    if (parseAddress(address).isManagement) {
      this.assertAllowed(address, ['Send', 'Listen', 'Manage']);
      openRequestLink(this, link, managementNode(this, address));
      return undefined;
    }
    this.assertAllowed(address, ['Send']);
    return openSendLink(this, link, locateTarget(this.namespace, address));
  }

  private closeAll(isMeant: (link: AnyLink) => boolean): void {
    for (const [link, open] of this.links) {
      if (!isMeant(link)) continue;
      this.links.delete(link);
      open.closed();
    }
  }
}

function addressOf(link: AnyLink): string {
  const terminus = link.is_sender() ? link.source : link.target;
  return terminus?.address ?? '';
}

/** rhea decodes plain messages by itself and drops their bytes; what has no format it hands on as it came. */
function leaveTransfersEncoded(session: ServerSession): void {
  const onTransfer = session.on_transfer;
  session.on_transfer = (frame) => {
    if (frame.performative.message_format === 0) frame.performative.message_format = undefined;
    onTransfer.call(session, frame);
  };
}
