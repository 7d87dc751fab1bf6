import { isDiptychError } from '@diptych/core';
import { NotCaughtUpError } from './caught-up.js';
import { UnusableFileError } from './import/replay-file.js';
import { EmulatorError } from './services/emulators.js';
import { UsageError, usage } from './shop-options.js';
import { UnusableFolderError } from './storage/sqlite-storage.js';

/** Errors that whoever called the shop can mend need no stack. */
export function explain(error: unknown): unknown {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  const isPlain = [EmulatorError, UnusableFileError, UnusableFolderError, NotCaughtUpError].some(
    (kind) => error instanceof kind,
  );
  if (isPlain) return (error as Error).message;
  // Of the framework's, those of the stores: they name the file and say what to do.
  if (isDiptychError(error)) return `${error.message} (${error.code})`;
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Set PORT to another one, or to 0 for any that is free.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used. Set PORT to another one.`;
  return error;
}
