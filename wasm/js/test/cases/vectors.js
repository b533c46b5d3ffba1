// All vector files. A case returns the number of vectors checked.
import { equal, ok, throws } from './assert.js';
import { vectors as headers } from './header.js';
import { vectors as inStore } from './in-store.js';
import { androidApps, texts } from './message.js';

/** Checks each vector and returns the number that passed. */
function each(list, check) {
  let passed = 0;
  for (const vector of list) {
    check(vector);
    passed += 1;
  }
  return passed;
}

const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export default (mpass, vectors) => {
  const { Challenge, Hotp, KeyUri, Keyring, Ocra, PhoneNumber, Policy, Secret, Token, Totp } = mpass;

  function hotp() {
    const { key_hex, digits, algorithm, vectors: list } = vectors['hotp.json'];
    const codes = new Hotp(Secret.fromHex(key_hex), { digits, algorithm });
    return each(list, ({ counter, code }) => {
      equal(codes.generate(counter), code);
      equal(codes.generateValue(BigInt(counter)), Number(code));
      equal(codes.verify(code, BigInt(counter)), BigInt(counter));
      equal(codes.verify(code, counter + 1, 0), null);
      const [first] = code;
      equal(codes.verify((first === '9' ? '0' : '9') + code.slice(1), counter), null);
    });
  }

  function totp() {
    const { digits, step, t0, vectors: list } = vectors['totp.json'];
    return each(list, ({ unix_time, algorithm, key_hex, code }) => {
      const codes = new Totp(Secret.fromHex(key_hex), { digits, step, t0, algorithm });
      equal(codes.generate(unix_time), code);
      equal(codes.generateValue(unix_time), Number(code));
      equal(codes.verify(code, unix_time, 0), codes.timeStep(unix_time));
      equal(codes.verify(code, unix_time + step, 0), null);
      equal(codes.verify(code, unix_time + step, 1), codes.timeStep(unix_time));
    });
  }

  function totpWrong() {
    const { vectors: list } = vectors['totp-wrong.json'];
    return each(list, ({ mistake, unix_time, algorithm, key_hex, digits, wrong_code }) => {
      const codes = new Totp(Secret.fromHex(key_hex), { digits, algorithm });
      ok(codes.generate(unix_time) !== wrong_code, mistake);
      equal(codes.verify(wrong_code, unix_time, 10, 10), null, mistake);
    });
  }

  function inputsOf(vector) {
    const { question, counter, pin, session_hex, unix_time } = vector;
    return {
      question,
      counter,
      pin,
      session: session_hex === undefined ? undefined : hex(session_hex),
      unixSeconds: unix_time,
    };
  }

  function ocra(name) {
    const { vectors: list } = vectors[name];
    return each(list, (vector) => {
      const { suite, key_hex, time_steps_hex, response } = vector;
      const codes = new Ocra(Secret.fromHex(key_hex), suite);
      equal(codes.suite, suite);
      const inputs = inputsOf(vector);
      equal(codes.respond(inputs), response, suite);
      ok(codes.verify(response, inputs) !== null, suite);
      equal(codes.verify(`${response}0`, inputs), null, suite);
      if (time_steps_hex !== undefined) {
        const timeStep = BigInt(`0x${time_steps_hex}`);
        equal(codes.respond({ ...inputs, timeStep, unixSeconds: undefined }), response, suite);
      }
    });
  }

  function numberHash() {
    const { vectors: list } = vectors['number-hash.json'];
    return each(list, ({ number, sha256_hex }) => {
      const parsed = PhoneNumber.parse(number);
      equal(parsed.sha256Hex(), sha256_hex);
      ok(parsed.hasSha256Hex(sha256_hex.toUpperCase()));
      const other = (sha256_hex.startsWith('0') ? '1' : '0') + sha256_hex.slice(1);
      ok(!parsed.hasSha256Hex(other));
    });
  }

  function e164Of(text, country) {
    try {
      return PhoneNumber.parse(text, country).e164;
    } catch {
      return null;
    }
  }

  function numberParse() {
    const { vectors: list } = vectors['number-parse.json'];
    return each(list, ({ text, country, e164, error }) => {
      if (error) throws(() => PhoneNumber.parse(text, country), error, text);
      else {
        equal(PhoneNumber.parse(text, country).e164, e164, text);
        // With one more digit it is another number or none.
        ok(e164Of(`${text}7`, country) !== e164, text);
      }
    });
  }

  function refusedUri(uri, error) {
    throws(() => KeyUri.parse(uri), error, uri);
    throws(() => KeyUri.parse(uri, { strict: true }), error, uri);
  }

  function keyUri(file) {
    const { vectors: list } = vectors[file];
    const whole = (value) => (value === undefined ? null : BigInt(value));
    return each(list, ({ uri, error, secret_hex, written, strict, ...said }) => {
      if (error) {
        refusedUri(uri, error);
        refusedUri(uri.replaceAll('otpauth', 'example'), 'UriScheme');
        return;
      }
      refusedUri(`${uri.trimEnd()}&encoder=steam`, 'UriEncoder');
      const parsed = KeyUri.parse(uri);
      const facts = parsed.facts();
      equal(facts, {
        kind: said.kind,
        counter: whole(said.counter),
        period: whole(said.period),
        issuer: said.issuer ?? null,
        labelIssuer: said.label_issuer ?? null,
        account: said.account,
        algorithm: said.algorithm,
        digits: said.digits,
        parameters: said.parameters,
        cautions: said.cautions,
      }, uri);
      equal(parsed.secret().exposeHex(), secret_hex, uri);
      equal(parsed.expose(), written, uri);
      const again = KeyUri.parse(written).facts();
      equal({ ...again, cautions: facts.cautions }, facts, uri);
      if (strict) equal(KeyUri.parse(uri, { strict }).facts(), facts, uri);
      else throws(() => KeyUri.parse(uri, { strict: true }), 'UriNotStrict', uri);
    });
  }

  function keyringText() {
    const { vectors: list } = vectors['keyring.json'];
    return each(list, ({ case: name, text, error, ids, newest, written }) => {
      if (error) {
        throws(() => Keyring.parse(text), error, name);
        return;
      }
      const keyring = Keyring.parse(text);
      equal(keyring.ids, ids, name);
      equal(keyring.newest, newest, name);
      equal(keyring.expose(), written, name);
    });
  }

  /** The challenge of a subject under the keyring, service and tenant of the file. */
  function challengeOf(kind, text) {
    const { keyring, service, tenant } = vectors['subject.json'];
    return new Challenge(Keyring.parse(keyring), new Policy(), {
      service, tenant: new TextEncoder().encode(tenant), subject: { [kind]: text },
    });
  }

  function subjects() {
    const { vectors: list } = vectors['subject.json'];
    const keyOf = (kind, text) => toHex(challengeOf(kind, text).key);
    return each(list, ({ kind, text, canonical, store_key_hex, error }) => {
      if (error) {
        throws(() => challengeOf(kind, text), error, text);
        return;
      }
      for (const same of [text, canonical]) equal(keyOf(kind, same), store_key_hex, same);
      let tampered = null;
      try {
        tampered = keyOf(kind, `${text}0`);
      } catch ({ name }) {
        equal(name, 'InvalidSubject');
      }
      ok(tampered !== store_key_hex, text);
      for (const other of ['number', 'email', 'account'].filter((name) => name !== kind)) {
        const refused = other === 'number' ? 'NumberCharacter' : 'InvalidSubject';
        throws(() => challengeOf(other, text), refused, text);
      }
    });
  }

  function spellings() {
    const { spellings: list } = vectors['subject.json'];
    const nowMs = 1_800_000_000_000;
    let record = challengeOf('number', list[0]).issue(null, nowMs).pending.next;
    let compared = 0;
    for (const spelling of list) {
      const challenge = challengeOf('number', spelling);
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const { pending, verdict } = challenge.attempt(record, '0000', nowMs);
        if (pending) {
          compared += 1;
          record = pending.next;
        } else equal(verdict, 'Exhausted');
      }
    }
    equal([list.length, compared], [5, 5]);
  }

  function typedCodes() {
    const { key_hex, algorithm, vectors: list, utf16 } = vectors['typed-code.json'];
    const nowMs = 1_800_000_000_000;
    // Small entries have no tokens.
    const token = Token && new Token(
      Keyring.generate(), Uint8Array.of(1), Uint8Array.of(2), { lookAhead: 0 });
    const check = ({ text, digits, counter, verdict, altered, altered_verdict }) => {
      const hotp = new Hotp(Secret.fromHex(key_hex), { digits, algorithm });
      const record = token?.enroll(counter, nowMs).next;
      for (const [typed, expected] of [[text, verdict], [altered, altered_verdict]]) {
        if (token) {
          const attempt = token.attemptHotp(record, hotp, typed, nowMs);
          equal(attempt.pending ? attempt.pending.stored() : attempt.verdict, expected, typed);
          equal(!attempt.pending, expected === 'Malformed', typed);
        }
        equal(hotp.verify(typed, counter, 0) !== null, expected === 'Accept', typed);
      }
    };
    for (const { units, ...vector } of utf16) {
      check({ text: String.fromCharCode(...units), digits: 6, counter: 0, ...vector });
    }
    return each(list, check);
  }

  const checks = {
    'android-app.json': () => androidApps(mpass, vectors['android-app.json']),
    'hotp.json': hotp,
    'in-store.json': () => inStore(mpass, vectors['in-store.json']),
    'key-uri-peers.json': () => keyUri('key-uri-peers.json'),
    'key-uri.json': () => keyUri('key-uri.json'),
    'keyring.json': keyringText,
    'message.json': () => texts(mpass, vectors['message.json']),
    'number-hash.json': numberHash,
    'number-parse.json': numberParse,
    'ocra-more.json': () => ocra('ocra-more.json'),
    'ocra-suites.json': () => ocra('ocra-suites.json'),
    'ocra.json': () => ocra('ocra.json'),
    'store-header.json': () => headers(mpass, vectors['store-header.json']),
    'subject.json': subjects,
    'totp-wrong.json': totpWrong,
    'totp.json': totp,
    'typed-code.json': typedCodes,
  };
  const cases = Object.keys(vectors).map((name) => [`vectors ${name}`, async () => {
    const count = await checks[name]();
    ok(count > 0, `${name} is empty`);
    return count;
  }]);
  if (vectors['subject.json']) {
    cases.push(['subject: the spellings of one number share its tries', spellings]);
  }
  return Object.fromEntries(cases);
};
