import { createHmac, timingSafeEqual } from 'node:crypto';
import { unauthorized } from '../errors/service-bus-error.js';

export type Right = 'Send' | 'Listen' | 'Manage';

/** A key that clients name in their connection strings. */
export interface SharedAccessKey {
  readonly name: string;
  readonly key: string;
  /** Default all. `Manage` has the others in it. */
  readonly rights?: readonly Right[];
}

/** What a token allows: these rights on all that begins with the resource. */
export interface Claim {
  readonly resource: string;
  readonly rights: ReadonlySet<Right>;
  readonly expiresAt: number;
}

const allRights: readonly Right[] = ['Send', 'Listen', 'Manage'];

/** Checks shared access signatures: `SharedAccessSignature sr=…&sig=…&se=…&skn=…`. */
export class SharedAccessKeys {
  constructor(private readonly keys: readonly SharedAccessKey[]) {}

  /** Throws `unauthorized-access` for a token that is malformed, expired or signed with another key. */
  claimOf(token: string): Claim {
    const fields = new URLSearchParams(token.replace(/^SharedAccessSignature /, ''));
    const [resource, signature, expiry, name] = ['sr', 'sig', 'se', 'skn'].map((field) => fields.get(field));
    if (!token.startsWith('SharedAccessSignature ') || !resource || !signature || !expiry || !name) {
      throw unauthorized('InvalidSignature: the token is no shared access signature.');
    }
    const key = this.keys.find((one) => one.name === name);
    if (key === undefined) throw unauthorized(`InvalidSignature: there is no key of the name '${name}'.`);
    const rawResource = /(?:^|[ &])sr=([^&]*)/.exec(token)?.[1] ?? '';
    if (!isSigned(`${rawResource}\n${expiry}`, key.key, signature)) {
      throw unauthorized('InvalidSignature: the token has an invalid signature.');
    }
    const expiresAt = Number(expiry) * 1000;
    // The client made the token by its own clock, which is the machine's.
    if (!(expiresAt > Date.now())) throw unauthorized('ExpiredToken: the token has expired.');
    return { resource: normalized(resource), rights: rightsOf(key), expiresAt };
  }
}

function rightsOf({ rights = allRights }: SharedAccessKey): Set<Right> {
  return new Set(rights.includes('Manage') ? allRights : rights);
}

function isSigned(text: string, key: string, signature: string): boolean {
  const expected = createHmac('sha256', key).update(text, 'utf8').digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** `sb://host:port/Orders/` and `http://host/orders` mean one thing: `/orders/`. */
function normalized(resource: string): string {
  const path = resource
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/\?.*$/, '')
    .toLowerCase();
  return `/${path.split('/').filter(Boolean).join('/')}/`.replace('//', '/');
}

/** Whether the claims allow one of these rights on an entity. */
export function allows(claims: Iterable<Claim>, path: string, wanted: readonly Right[]): boolean {
  const resource = normalized(path.startsWith('/') ? path : `/${path}`);
  for (const { resource: scope, rights, expiresAt } of claims) {
    if (!resource.startsWith(scope) || expiresAt <= Date.now()) continue;
    if (wanted.some((right) => rights.has(right))) return true;
  }
  return false;
}
