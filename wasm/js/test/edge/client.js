// A client of the example worker under test.
import { ADDRESS_HEADER, ADMIN_TOKEN, startEdge } from './run.js';

export class Client {
  #settings;
  #world;
  #edge;

  constructor(settings, world, edge) {
    this.#settings = settings;
    this.#world = world;
    // Shared by the clients of all worlds.
    this.#edge = edge;
  }

  static async start(settings) {
    const { operator } = settings;
    const edge = { running: await startEdge({ ...settings, operator: operator.base }) };
    return new Client(settings, 'main', edge);
  }

  /** A client of another world, with a store and a clock of its own. */
  inWorld(world) {
    return new Client(this.#settings, world, this.#edge);
  }

  /** Kills it and starts it again. */
  async restart(keyring = this.#settings.keyring) {
    await this.#edge.running.stop('SIGKILL');
    const { operator } = this.#settings;
    this.#edge.running = await startEdge({ ...this.#settings, keyring, operator: operator.base });
  }

  stop() {
    return this.#edge.running.stop();
  }

  /** Sends a request, as the `ask` of the cases does. */
  async ask(method, path, { query, headers = {}, body, peer = '127.0.0.1' } = {}) {
    const { base } = this.#edge.running;
    const response = await fetch(`${base}${path}?${new URLSearchParams(query)}`, {
      method,
      headers: { ...headers, [ADDRESS_HEADER]: peer, 'x-test-world': this.#world },
      body,
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      json: isJson && text ? JSON.parse(text) : null,
    };
  }

  /** An operation of administration. */
  post(path, parameters = [], token = ADMIN_TOKEN) {
    const headers = { Authorization: `Bearer ${token}` };
    return this.ask('POST', path, { headers, body: JSON.stringify(parameters) });
  }

  /** Creates a channel, with whose key messages are sent. */
  async channel(name) {
    const created = await this.post('/admin/tenants/create', ['channel', { name }]);
    this.apikey = created.json.credential;
  }

  async #mpass(path, parameters) {
    const query = { apikey: this.apikey, ...parameters };
    return (await this.ask('GET', `/mpass-web/rest/mv/${path}`, { query })).json?.status;
  }

  send(dest) {
    return this.#mpass('msg', { dest });
  }

  verify(dest, otp) {
    return this.#mpass('verify', { dest, otp });
  }

  /** The messages sent. */
  get inbox() {
    return this.#settings.operator.inbox(this.#world);
  }

  /** The code in the newest message. */
  code() {
    return this.inbox.at(-1).text.match(/\d{6}/)[0];
  }

  async watched() {
    return (await this.ask('GET', '/.test/watched')).json;
  }

  /** A call of the store. */
  async store(call, input) {
    return (await this.ask('POST', `/.test/store/${call}`, { body: JSON.stringify(input) })).json;
  }
}
