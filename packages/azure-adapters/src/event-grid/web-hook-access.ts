import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebHookAccess } from './event-grid-options.js';

/** Whether the caller has proved to be who may call. Nobody has where no proof was agreed on. */
export async function isCaller(request: Request, access: WebHookAccess | undefined): Promise<boolean> {
  if (access === undefined) return false;
  if ('key' in access) {
    const given = request.headers.get('diptych-key') ?? new URL(request.url).searchParams.get('key') ?? '';
    return isSame(given, access.key);
  }
  const [, token] = /^Bearer (.+)$/i.exec(request.headers.get('Authorization') ?? '') ?? [];
  if (token === undefined) return false;
  return access.verify(token).then(
    () => true,
    () => false,
  );
}

/** In a time that says nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return other !== '' && timingSafeEqual(digest(one), digest(other));
}
