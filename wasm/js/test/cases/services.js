// The services other than mPass, from the host's and the callers' side.
import { equal, ok, rejects, throws } from './assert.js';
import files from './misuses.js';
import { NOON, World } from './world.js';

const signingKeys = files['signing-keys.json'];
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

export const NUMBER = '+966500000000';
const OTHER = '+966500000001';
const ISSUER = 'https://verify.example';
export const BACK = 'https://app.example/back';
/** An address of the mobile network. */
export const DEVICE = '10.20.0.7';
// RFC 7636 appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const VERIFY = 'number-verification:verify';
const SEND = 'one-time-password-sms:send-validate';

/** Opens a tenant of a class. */
export async function opened(world, Class, name) {
  const storeKey = Class.storeKey(world.keyring, name);
  return Class.open(world.keyring, storeKey, await world.memory.load('document', storeKey));
}

/** A world with a client `app`, its secret and its tokens. */
async function withClient(mpass, settings, engine) {
  const world = await World.open(mpass, {}, engine);
  const { credential: secret } = await world.tenants.create('client', { name: 'app', ...settings });
  const client = await opened(world, mpass.Client, 'app');
  const token = (number = NUMBER, rest = {}) => client.grant(world.keyring, {
    scopes: [VERIFY],
    number: mpass.PhoneNumber.parse(number),
    isByNetwork: true,
    lifeS: 300,
    ...rest,
  }, NOON);
  return { world, client, secret, token };
}

/** Calls a CAMARA contract with a token. */
const call = (world, token, path, body) => world.ask('POST', path, {
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** Calls Number Verification with a token and a number. */
export const verify = (world, token, phoneNumber) =>
  call(world, token, '/number-verification/v2/verify', { phoneNumber });

/** A customer of VerifyNow with its token, and functions to send and validate. */
async function withCustomer(world, settings) {
  const { name: id, credential: password } = await world.tenants.create('customer', settings);
  const asked = await world.ask('GET', '/auth/v1/authentication/token', {
    query: { customerId: id, key: btoa(password), scope: 'NEW' },
  });
  equal([asked.status, asked.json.status], [200, 200]);
  const { token } = asked.json;
  const asks = (method, path, query) =>
    world.ask(method, `/verification/v3/${path}`, { query, headers: { authToken: token } });
  return {
    id,
    token,
    send: (mobileNumber) =>
      asks('POST', 'send', { countryCode: 966, mobileNumber, flowType: 'SMS' }),
    validate: (verificationId, code) => asks('GET', 'validateOtp', { verificationId, code }),
  };
}

/** Sends an authorization request from a user agent at an address. */
export const authorize = (world, peer) => world.ask('GET', '/oauth2/authorize', {
  peer,
  query: {
    response_type: 'code',
    client_id: 'app',
    redirect_uri: BACK,
    scope: `openid ${VERIFY}`,
    state: 'xyz',
    nonce: 'n-0S6_WzA2Mj',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  },
});

/** Redeems a code from the client's server. */
export const redeem = (world, secret, code) => world.ask('POST', '/oauth2/token', {
  headers: {
    Authorization: `Basic ${btoa(`app:${secret}`)}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  },
  body: `${new URLSearchParams({
    grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: VERIFIER,
  })}`,
});

const fromBase64Url = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

const base64url = (text) =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** A pair of keys of tests/signing-keys.json. */
async function pairOf({ pkcs8, public: jwk }) {
  const bytes = Uint8Array.from(atob(pkcs8), (letter) => letter.charCodeAt(0));
  return {
    publicKey: await crypto.subtle.importKey('jwk', jwk, RS256, true, ['verify']),
    privateKey: await crypto.subtle.importKey('pkcs8', bytes, RS256, false, ['sign']),
  };
}

/** The claims of an ID token, after its signature is verified with Web Crypto. */
export async function signedClaims(world, idToken) {
  const discovery = await world.ask('GET', '/.well-known/openid-configuration');
  const { keys } = (await world.ask('GET', new URL(discovery.json.jwks_uri).pathname)).json;
  const [head, claims, signature] = idToken.split('.');
  const { kid } = JSON.parse(atob(head));
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const jwk = keys.find((key) => key.kid === kid);
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  const signed = new TextEncoder().encode(`${head}.${claims}`);
  ok(await crypto.subtle.verify(algorithm, key, fromBase64Url(signature), signed), 'signature');
  return JSON.parse(new TextDecoder().decode(fromBase64Url(claims)));
}

export default (mpass) => ({
  async 'number verification: a token tells whether, and once'() {
    const { world, token } = await withClient(mpass);
    const right = token();
    const said = await verify(world, right, NUMBER);
    equal([said.status, said.json], [200, { devicePhoneNumberVerified: true }]);
    const again = await verify(world, right, NUMBER);
    equal([again.status, again.json.code, again.reason], [401, 'UNAUTHENTICATED', 'token_used']);
    equal((await verify(world, token(), OTHER)).json, { devicePhoneNumberVerified: false });
    const other = token(NUMBER, { isByNetwork: false });
    equal((await verify(world, other, NUMBER)).reason, 'not_by_network');
    const late = token(NUMBER, { lifeS: 1n });
    world.clock += 1000;
    equal((await verify(world, late, NUMBER)).reason, 'invalid_token');
  },

  async 'number verification: a token for its whole life, where the host says so'() {
    const { world, token } = await withClient(mpass, {}, { tokenUse: 'within_life' });
    const long = token();
    for (let n = 0; n < 3; n += 1) {
      equal((await verify(world, long, NUMBER)).json, { devicePhoneNumberVerified: true });
    }
  },

  async 'number verification: tokens of the host'() {
    const { world } = await withClient(mpass);
    equal((await verify(world, 'unasked', NUMBER)).reason, 'invalid_token');
    const good = {
      client: 'app',
      scopes: [VERIFY, 'openid'],
      number: mpass.PhoneNumber.parse(NUMBER),
      isByNetwork: true,
      expiresAtMs: NOON + 1000,
    };
    const words = {
      good,
      again: { ...good, id: 'one' },
      another: { ...good, id: 'one' },
      byNobody: { ...good, isByNetwork: undefined },
      scopeless: { ...good, scopes: [] },
      numberless: { ...good, number: null },
      late: { ...good, expiresAtMs: NOON },
      endless: { ...good, id: 'endless', expiresAtMs: undefined },
      revoked: null,
      broken: { ...good, client: 7 },
      misspelt: { ...good, expires: NOON },
    };
    world.host.introspect = async (token) => {
      if (token === 'throws') throw new Error('no connection');
      return words[token];
    };
    const reasons = {};
    for (const token of [...Object.keys(words), 'unknown', 'throws']) {
      reasons[token] = (await verify(world, token, NUMBER)).reason;
    }
    equal(reasons, {
      good: 'number_verified',
      again: 'number_verified',
      // A different text for the same token.
      another: 'token_used',
      byNobody: 'not_by_network',
      scopeless: 'missing_scope',
      numberless: 'token_without_number',
      late: 'invalid_token',
      endless: 'number_verified',
      revoked: 'invalid_token',
      broken: 'host_failed',
      misspelt: 'host_failed',
      unknown: 'invalid_token',
      throws: 'host_failed',
    });
  },

  async 'number verification: driven by hand'() {
    const { world } = await withClient(mpass);
    const request = {
      method: 'POST',
      path: '/number-verification/v2/verify',
      headers: [['Authorization', 'Bearer abc'], ['Content-Type', 'application/json']],
      body: new TextEncoder().encode(`{"phoneNumber":"${NUMBER}"}`),
      peer: '::1',
    };
    const begin = () => {
      const exchange = world.engine.begin(request, NOON);
      equal(exchange.next({ answer: 'begin' }, NOON), { step: 'introspect', token: 'abc' });
      return exchange;
    };
    const none = begin().next({ answer: 'introspected', introspection: null }, NOON);
    equal([none.step, none.reply.reason], ['reply', 'invalid_token']);
    const introspection = {
      client: 'app', scopes: [VERIFY], isByNetwork: true, expiresAtMs: NOON + 1000,
    };
    const load = begin().next({ answer: 'introspected', introspection }, NOON);
    equal([load.step, load.kind], ['load', 'document']);
    const next = (answer) => () => begin().next(answer, NOON);
    throws(next({ answer: 'introspected', introspection: {} }), 'TypeError');
    throws(next({ answer: 'resolved', number: NUMBER }), 'TypeError');
    equal(next({ answer: 'resolved' })().reply.reason, 'wrong_answer');
  },

  async 'otp validation: a code is sent, rejected, and validated'() {
    const { world, token } = await withClient(mpass);
    const ours = token(NUMBER, { scopes: [SEND], number: null });
    const ask = (path, body) => call(world, ours, `/one-time-password-sms/v1/${path}`, body);
    const message = 'Your code: {{code}}';
    const sent = await ask('send-code', { phoneNumber: NUMBER, message });
    equal([sent.status, Object.keys(sent.json)], [200, ['authenticationId']]);
    equal([world.outbox.at(-1).to, world.outbox.at(-1).text],
      [NUMBER, message.replace('{{code}}', world.code())]);
    const { authenticationId } = sent.json;
    const wrong = await ask('validate-code', { authenticationId, code: world.wrong() });
    equal([wrong.status, wrong.json.code], [400, 'ONE_TIME_PASSWORD_SMS.INVALID_OTP']);
    const right = await ask('validate-code', { authenticationId, code: world.code() });
    equal([right.status, right.reason, right.body.length], [204, 'accepted', 0]);
    const again = await ask('validate-code', { authenticationId, code: world.code() });
    equal(again.json.code, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED');
    world.host.assess = async (number) => (number === OTHER ? 'blocked' : 'foreign');
    const codes = [];
    for (const phoneNumber of [OTHER, NUMBER]) {
      codes.push((await ask('send-code', { phoneNumber, message })).json.code);
    }
    equal(codes, ['ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED', 'NOT_FOUND']);
    const without = await call(world, token(), '/one-time-password-sms/v1/send-code', {});
    equal([without.status, without.reason], [403, 'missing_scope']);
  },

  async 'verify now: a token, a code, a validation, and again'() {
    const world = await World.open(mpass);
    const { id, token, send, validate } = await withCustomer(world);
    ok(/^C-[0-9A-F]{15}$/.test(id), id);
    const sent = await send('500000000');
    equal([sent.status, sent.json.responseCode, sent.json.message], [200, 200, 'SUCCESS']);
    equal(world.outbox.at(-1).to, NUMBER);
    const { verificationId } = sent.json.data;
    equal((await send('500000000')).json.responseCode, 506);
    equal((await validate(verificationId, world.wrong())).json.responseCode, 702);
    const right = await validate(verificationId, world.code());
    equal([right.json.responseCode, right.json.data.verificationStatus],
      [200, 'VERIFICATION_COMPLETED']);
    equal((await validate(verificationId, world.code())).json.responseCode, 703);
    ok(token.length > 0);
  },

  async 'verify now: credits are spent and paid for'() {
    const world = await World.open(mpass);
    const { id, send } = await withCustomer(world, { testCredits: 1n });
    const { tenants } = world;
    equal(await tenants.credits(id), 1n);
    equal((await send('500000000')).json.responseCode, 200);
    equal(await tenants.credits(id), 0n);
    const refused = await send('500000001');
    equal([refused.json.responseCode, refused.reason], [805, 'no_credits']);
    equal(await tenants.addCredits(id, 5), 5n);
    equal((await send('500000001')).json.responseCode, 200);
    equal(await tenants.credits(id), 4n);
    await rejects(tenants.addCredits(id, -1), 'RangeError');
    await rejects(tenants.credits('C-FFFFFFFFFFFFFFF'), 'TenantMissing');
  },

  async 'login: a device that its network knows, to a verified number'() {
    const { world, secret } = await withClient(
      mpass, { redirectUris: [BACK] }, { issuer: ISSUER });
    const asked = [];
    world.host.resolve = async (address) => {
      asked.push(address);
      return address === DEVICE ? mpass.PhoneNumber.parse(NUMBER) : null;
    };
    equal((await authorize(world, '2001:DB8:0:0::7')).reason, 'unknown_device');
    equal(asked, ['2001:db8::7']);
    const visit = await authorize(world, DEVICE);
    equal(visit.status, 302);
    const back = new URL(visit.header('Location'));
    equal([`${back.origin}${back.pathname}`, back.searchParams.get('state')], [BACK, 'xyz']);
    const given = await redeem(world, secret, back.searchParams.get('code'));
    equal([given.status, given.reason], [200, 'token_issued']);
    const { access_token: token, id_token: idToken } = given.json;
    const claims = await signedClaims(world, idToken);
    equal([claims.iss, claims.aud, claims.nonce], [ISSUER, 'app', 'n-0S6_WzA2Mj']);
    equal((await verify(world, token, NUMBER)).json, { devicePhoneNumberVerified: true });
    equal((await verify(world, token, NUMBER)).reason, 'token_used');
    const again = await redeem(world, secret, back.searchParams.get('code'));
    equal([again.status, again.json.error], [400, 'invalid_grant']);
  },

  async 'login: an ID token and an assertion with RS256'() {
    const [first, second] = await Promise.all(signingKeys.keys.map(pairOf));
    const { world, secret } = await withClient(
      mpass,
      {
        redirectUris: [BACK],
        idTokenAlg: 'RS256',
        publicKey: new TextEncoder().encode(JSON.stringify(signingKeys.keys[0].public)),
      },
      { issuer: ISSUER },
    );
    const offered = async (name) =>
      (await world.ask('GET', '/.well-known/openid-configuration')).json[name];
    const idTokens = 'id_token_signing_alg_values_supported';
    equal(await offered(idTokens), ['ES256']);
    equal(await offered('token_endpoint_auth_signing_alg_values_supported'), ['ES256', 'RS256']);
    world.host.resolve = async () => mpass.PhoneNumber.parse(NUMBER);
    const log = async () => {
      const back = new URL((await authorize(world, DEVICE)).header('Location'));
      return redeem(world, secret, back.searchParams.get('code'));
    };
    equal((await authorize(world, DEVICE)).reason, 'no_signing_key');
    world.host.signingKeys = async () => [first, second];
    equal(await offered(idTokens), ['ES256', 'RS256']);
    const { id_token: token } = (await log()).json;
    const [header, claims, signature] = token.split('.');
    equal(JSON.parse(atob(header)).alg, 'RS256');
    ok(await crypto.subtle.verify(
      RS256, first.publicKey, fromBase64Url(signature), new TextEncoder().encode(`${header}.${claims}`)));
    world.host.signingKeys = async () => { throw new Error('no keys'); };
    equal((await authorize(world, DEVICE)).reason, 'host_failed');

    const ask = async ({ privateKey }, jti) => {
      const now = Number(world.clock) / 1000;
      const part = (value) => base64url(JSON.stringify(value));
      const message = `${part({ alg: 'RS256' })}.${part({
        iss: 'app', sub: 'app', aud: ISSUER, iat: now, exp: now + 60, jti,
      })}`;
      const made = await crypto.subtle.sign(RS256, privateKey, new TextEncoder().encode(message));
      return (await world.ask('POST', '/oauth2/token', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: `${message}.${base64url(String.fromCharCode(...new Uint8Array(made)))}`,
        })}`,
      })).reason;
    };
    equal(await ask(first, 'a'), 'token_issued');
    equal(await ask(second, 'b'), 'unknown_credential');
  },

  async 'login: addresses that nobody knows'() {
    const { world } = await withClient(mpass, { redirectUris: [BACK] }, { issuer: ISSUER });
    equal((await authorize(world, DEVICE)).reason, 'unknown_device');
    const reasons = [];
    for (const resolve of [
      async () => undefined,
      async () => null,
      async () => NUMBER,
      async () => { throw new Error('no connection'); },
    ]) {
      world.host.resolve = resolve;
      reasons.push((await authorize(world, DEVICE)).reason);
    }
    equal(reasons, ['unknown_device', 'unknown_device', 'host_failed', 'host_failed']);
    equal((await (await withClient(mpass)).world.ask('GET', '/oauth2/authorize')).status, 404);
  },
});
