// A server that speaks the documented contract over a real socket, and writes down what it is asked.

import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export const KEY = 'cnx_canary-function-key';

/** A refusal of the server's own. */
export function refusal(status, code, { retryAfter, ...more } = {}) {
  const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  return {
    status,
    headers,
    body: { type: 'about:blank', title: 'T', status, code, detail: `About ${code}.`, ...more },
  };
}

/** In place of an answer. */
export const cut = { cut: true };

export class Contract {
  static async start() {
    const server = new Contract();
    await new Promise((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${server.#http.address().port}`;
    return server;
  }

  asked = [];
  /** Link names of the connections that are there, by what made them. */
  connectors = new Map();
  known = new Set(['zoom']);
  versions = new Map();
  /** Given in this order before anything usual is. */
  replies = [];
  expiresIn = 1000;
  delay = 0;
  #http = createServer((request, response) => this.#serve(request, response));

  stop() {
    this.#http.closeAllConnections();
    return new Promise((resolve) => this.#http.close(resolve));
  }

  count(method, part = '') {
    return this.asked.filter((asked) => asked.method === method && asked.path.includes(part)).length;
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('latin1');
    const asked = { method: request.method, path: request.url, headers: request.headers, body };
    this.asked.push(asked);
    const reply = this.replies.shift() ?? this.#answer(asked);
    await pause(this.delay);
    if (reply.cut) return request.socket.destroy();
    const content = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    if (reply.stall) return response.write(content);
    return response.end(content);
  }

  #answer(asked) {
    if (asked.headers.authorization !== `Bearer ${KEY}`) return refusal(401, 'invalid_key');
    const [area, name, last] = asked.path.split('?')[0].split('/').slice(3).map(decodeURIComponent);
    if (asked.method === 'PUT' && area === 'connectors') return this.#connector(name, JSON.parse(asked.body));
    if (area === 'connections' && last === 'credentials') return this.#credentials(name);
    if (area === 'proxy' || area === 'invoke') return echo(asked);
    return refusal(404, 'unknown_path');
  }

  #connector(name, { client_id, refresh_token }) {
    const identity = JSON.stringify([name, client_id, refresh_token]);
    const created = !this.connectors.has(identity);
    if (created) this.connectors.set(identity, `connector_${this.connectors.size + 1}`);
    const link_name = this.connectors.get(identity);
    this.known.add(link_name);
    return { status: created ? 201 : 200, body: { name, link_name, status: 'connected', created } };
  }

  #credentials(link_name) {
    if (!this.known.has(link_name)) return refusal(404, 'unknown_connection');
    const version = (this.versions.get(link_name) ?? 0) + 1;
    this.versions.set(link_name, version);
    const access_token = `canary-token-${link_name}-${version}`;
    const body = {
      link_name,
      service: 'service',
      status: 'connected',
      headers: { Authorization: `Bearer ${access_token}` },
      parameters: {},
      access_token,
      token_type: 'Bearer',
      expires_at: '2026-11-21T12:00:00Z',
      expires_in: this.expiresIn,
      scopes: ['profile'],
      account: 'ada@example.com',
      version,
      'a member of the future': true,
    };
    return { body };
  }
}

function echo(asked) {
  const status = Number(/[?&]status=(\d+)/.exec(asked.path)?.[1] ?? 200);
  return { status, body: asked, headers: { 'connections-answer': 'provider', location: '/elsewhere' } };
}
