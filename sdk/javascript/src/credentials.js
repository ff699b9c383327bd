/** What the server gives for a link name. */

const SECRET = ['headers', 'parameters', 'access_token'];

/**
 * A credential, ready to use: send `headers` and `parameters` with a call. Names are those of the HTTP contract.
 * The secret parts are there when they are asked for by name; printing or serializing leaves them out.
 */
export class Credentials {
  constructor(answer) {
    Object.assign(this, { service: null, status: null, scopes: [], ...answer });
    for (const name of SECRET) {
      const absent = name === 'access_token' ? null : {};
      Object.defineProperty(this, name, { value: answer[name] ?? absent, enumerable: false });
    }
    Object.freeze(this);
  }
}
