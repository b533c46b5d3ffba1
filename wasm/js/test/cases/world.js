// An in-memory host with a clock, a store with random delays, and a gateway.
export const NOON = 1_795_348_800_000;
const SEND = '/mpass-web/rest/mv/msg';
const VERIFY = '/mpass-web/rest/mv/verify';

export class World {
  constructor(mpass, policy, settings) {
    this.mpass = mpass;
    this.clock = NOON;
    this.outbox = [];
    this.gateway = 'delivered';
    this.keyring = mpass.Keyring.generate();
    this.engine = new mpass.Engine(this.keyring, settings);
    this.memory = new mpass.MemoryStore(100_000);
    this.tenants = new mpass.Tenants(this.keyring, this.memory, { now: () => this.clock });
    this.policy = policy;
    // The faults of the next swaps, in order.
    this.faults = [];
    this.host = {
      now: () => this.clock,
      store: {
        load: async (kind, key) => this.load(kind, key),
        swap: async (swap, nowMs) => this.swap(swap, nowMs),
        list: async (after, limit) => this.memory.list(after, limit),
      },
      deliver: async (message) => {
        if (this.gateway === 'throw') throw new Error('the connection broke');
        this.outbox.push(message);
        return this.gateway;
      },
    };
  }

  static async open(mpass, rules, settings) {
    const generous = { events: 10_000, windowMs: 3_600_000, burst: 10_000 };
    const policy = new mpass.Policy({
      resendIntervalMs: 0, sends: generous, guesses: generous, ...rules,
    });
    const world = new World(mpass, policy, settings);
    ({ credential: world.apikey } = await world.tenants.create('channel', { name: 'shop', policy }));
    return world;
  }

  /** Yields to other exchanges a random number of times. */
  async pause() {
    const turns = crypto.getRandomValues(new Uint8Array(1))[0] % 5;
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  }

  async load(kind, key) {
    await this.pause();
    return this.memory.load(kind, key);
  }

  async swap(swap, nowMs) {
    await this.pause();
    const fault = this.faults.shift();
    if (fault === 'lost') throw new Error('timed out');
    if (fault === 'failed') throw this.mpass.MpassError.of('StoreFailed');
    const swapped = await this.memory.swap(swap, nowMs);
    if (fault === 'stored') throw new Error('timed out');
    return swapped;
  }

  /** Sends a request and returns its reply. */
  async ask(method, path, { query, headers = {}, body = '', peer = '127.0.0.1' } = {}) {
    const request = {
      method,
      path,
      query: `${new URLSearchParams(query)}`,
      headers: Object.entries(headers),
      body: new TextEncoder().encode(body),
      peer,
    };
    const reply = await this.mpass.serve(this.engine, request, this.host);
    const text = new TextDecoder().decode(reply.body);
    const header = (name) => reply.headers.find(([held]) => held === name)?.[1] ?? null;
    return { ...reply, header, json: text && JSON.parse(text) };
  }

  async get(path, parameters) {
    const query = { apikey: this.apikey, ...parameters };
    const { status: http, json, reason, headers } = await this.ask('GET', path, { query });
    return { http, description: json.description, status: json.status, reason, headers };
  }

  send(dest, rest) {
    return this.get(SEND, { dest, ...rest });
  }

  verify(dest, otp, rest) {
    return this.get(VERIFY, { dest, otp, ...rest });
  }

  code() {
    return this.outbox.at(-1).text.match(/\d{4,}/)[0];
  }

  /** A different code of the same length. */
  wrong() {
    const code = this.code();
    return code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
  }
}
