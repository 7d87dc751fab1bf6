import { once } from 'node:events';
import { connect } from 'node:net';

/** One command to the server on that port, in the form for people. Its answer as it stands on the wire. */
export async function askRedis(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  // The server answers, and then ends what asked to be ended.
  socket.write(`${command}\r\nQUIT\r\n`);
  await once(socket, 'close');
  if (answer.startsWith('-')) throw new Error(`${command}: ${answer}`);
  return answer;
}

/** Asks again until the answer says so. */
export async function untilRedisSays(port: number, command: string, text: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if ((await askRedis(port, command)).includes(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Redis on port ${port} does not come to say '${text}'.`);
}
