// A provider's API on a bare socket: keeps every byte that it was sent, and answers with whatever bytes a test wants.

import { createServer } from 'node:net';

const END = '\r\n\r\n';

export class Upstream {
  static async start() {
    const upstream = new Upstream();
    /** `{line, method, path, headers, body, raw}` of every request, in order. */
    upstream.requests = [];
    upstream.connections = 0;
    upstream.answer = null;
    upstream.sockets = new Set();
    upstream.server = createServer((socket) => upstream.#accept(socket));
    await new Promise((resolve) => upstream.server.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.server.address();
    upstream.host = `127.0.0.1:${port}`;
    upstream.origin = `http://${upstream.host}`;
    return upstream;
  }

  /** `answer(request, socket)` writes the answer; null: what was asked, as JSON. */
  answers(answer) {
    this.answer = answer;
    this.requests.length = 0;
  }

  last() {
    return this.requests.at(-1);
  }

  #accept(socket) {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
    let bytes = Buffer.alloc(0);
    socket.on('data', (more) => {
      bytes = Buffer.concat([bytes, more]);
      for (let taken = take(bytes); taken; taken = take(bytes)) {
        bytes = bytes.subarray(taken.length);
        this.requests.push(taken.request);
        (this.answer ?? say)(taken.request, socket);
      }
    });
  }

  async stop() {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The first whole request in what arrived; null while it is not whole. */
function take(bytes) {
  const end = bytes.indexOf(END);
  if (end < 0) return null;
  const [line, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method, path] = line.split(' ');
  const headers = {};
  for (const each of lines) {
    const colon = each.indexOf(':');
    const name = each.slice(0, colon).toLowerCase();
    headers[name] = headers[name] === undefined ? each.slice(colon + 1).trim() : `${headers[name]}, ${each.slice(colon + 1).trim()}`;
  }
  const rest = bytes.subarray(end + END.length);
  const body = headers['transfer-encoding'] ? chunked(rest) : sized(rest, Number(headers['content-length'] ?? 0));
  if (!body) return null;
  const length = end + END.length + body.taken;
  return { length, request: { line, method, path, headers, body: body.bytes, raw: bytes.subarray(0, length) } };
}

function sized(rest, length) {
  return rest.length < length ? null : { bytes: rest.subarray(0, length), taken: length };
}

function chunked(rest) {
  const pieces = [];
  let at = 0;
  for (;;) {
    const line = rest.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = parseInt(rest.subarray(at, line).toString('latin1'), 16);
    const next = line + 2 + size + 2;
    if (rest.length < next) return null;
    if (size === 0) return { bytes: Buffer.concat(pieces), taken: next };
    pieces.push(rest.subarray(line + 2, line + 2 + size));
    at = next;
  }
}

/** An answer with a length. */
export function reply(socket, body = '', { status = '200 OK', headers = {} } = {}) {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': bytes.length, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes]));
}

function say(request, socket) {
  const { method, path, body } = request;
  reply(socket, JSON.stringify({ method, path, body: body.toString() }));
}
