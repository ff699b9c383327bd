// The product's own provider, through the control routes that exist for tests.

export class Sandbox {
  constructor(origin) {
    this.origin = origin;
  }

  async #control(method, path, body) {
    const response = await fetch(this.origin + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** The list replaces all switches that were on. */
  async switches(...list) {
    await this.#control('PUT', '/switches', list);
  }

  /** Makes a client known, as a developer does on a provider's page. */
  async register(id, registration) {
    await this.#control('PUT', `/clients/${id}`, registration);
  }

  /** The same for a consumer of OAuth 1.0a. */
  async consumer(key, registration) {
    await this.#control('PUT', `/oauth1/consumers/${key}`, registration);
  }

  /** A door below `/keys` or `/basic` that opens to these. */
  async door(kind, name, opens) {
    await this.#control('PUT', `/${kind}/${name}`, opens);
  }

  /** Every request so far. */
  async ledger() {
    return (await this.#control('GET', '/ledger')).json();
  }

  /** The token requests of a grant type so far. */
  async tokenRequests(grant) {
    return (await this.ledger()).filter((entry) => entry.endpoint === 'token' && entry.grant_type === grant);
  }
}
