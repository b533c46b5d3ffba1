// A stand-in for the operator on loopback: an SMS gateway with an inbox for each
// world, and an API that knows some numbers and devices.
import { createServer } from 'node:http';

async function textOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

export async function startOperator() {
  const [inboxes, answers, devices] = [new Map(), [], new Map()];
  const inbox = (world) => {
    if (!inboxes.has(world)) inboxes.set(world, []);
    return inboxes.get(world);
  };
  const known = { devices, numbers: new Map() };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://operator');
    const [, what, name = 'main', number] = decodeURIComponent(pathname).split('/');
    const body = await textOf(request);
    const answer = (status, value) => {
      const headers = status === 302 ? { Location: '/moved' } : {};
      response.writeHead(status, headers).end(value === undefined ? '' : JSON.stringify(value));
    };
    if (what === 'messages') {
      inbox(name).push(JSON.parse(body));
      return answer(answers.shift() ?? 200);
    }
    if (what === 'inbox') {
      return answer(200, inbox(name).findLast(({ to }) => to === number)?.text ?? null);
    }
    const facts = known[what];
    if (request.method === 'POST') return answer(200, void facts.set(name, JSON.parse(body)));
    return facts?.has(name) ? answer(200, facts.get(name)) : answer(404);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    inbox,
    answers,
    devices,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
