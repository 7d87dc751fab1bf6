// Loaded into the emulator's process before anything else: what it keeps is asked for over IPC, and counted when all
// that it does not keep is gone. What a process holds of the system's memory says little: it differs by tens of
// megabytes between two collections.
const { gc } = globalThis;
if (gc === undefined || process.channel === undefined)
  throw new Error('This needs --expose-gc, and a parent.');

process.on('message', () => {
  for (let times = 0; times < 3; times++) gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send!((heapUsed + external) / 1_048_576);
});
// Nobody is kept alive by being asked.
process.channel?.unref();
