// Every vector file. A case returns how many vectors it has checked.
import { equal, ok, throws } from './assert.js';

const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export default (mpass, vectors) => {
  const { Hotp, KeyUri, Ocra, PhoneNumber, Secret, Totp } = mpass;

  function hotp() {
    const { key_hex, digits, algorithm, vectors: list } = vectors['hotp.json'];
    const codes = new Hotp(Secret.fromHex(key_hex), { digits, algorithm });
    for (const { counter, code } of list) {
      equal(codes.generate(counter), code);
      equal(codes.verify(code, BigInt(counter)), BigInt(counter));
      equal(codes.verify(code, counter + 1, 0), null);
      const [first] = code;
      equal(codes.verify((first === '9' ? '0' : '9') + code.slice(1), counter), null);
    }
    return list.length;
  }

  function totp() {
    const { digits, step, t0, vectors: list } = vectors['totp.json'];
    for (const { unix_time, algorithm, key_hex, code } of list) {
      const codes = new Totp(Secret.fromHex(key_hex), { digits, step, t0, algorithm });
      equal(codes.generate(unix_time), code);
      equal(codes.verify(code, unix_time, 0), codes.timeStep(unix_time));
      equal(codes.verify(code, unix_time + step, 0), null);
      equal(codes.verify(code, unix_time + step, 1), codes.timeStep(unix_time));
    }
    return list.length;
  }

  function totpWrong() {
    const { vectors: list } = vectors['totp-wrong.json'];
    for (const { mistake, unix_time, algorithm, key_hex, digits, wrong_code } of list) {
      const codes = new Totp(Secret.fromHex(key_hex), { digits, algorithm });
      ok(codes.generate(unix_time) !== wrong_code, mistake);
      equal(codes.verify(wrong_code, unix_time, 10, 10), null, mistake);
    }
    return list.length;
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
    for (const vector of list) {
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
    }
    return list.length;
  }

  function numberHash() {
    const { vectors: list } = vectors['number-hash.json'];
    for (const { number, sha256_hex } of list) {
      const parsed = PhoneNumber.parse(number);
      equal(parsed.sha256Hex(), sha256_hex);
      ok(parsed.hasSha256Hex(sha256_hex.toUpperCase()));
      const other = (sha256_hex.startsWith('0') ? '1' : '0') + sha256_hex.slice(1);
      ok(!parsed.hasSha256Hex(other));
    }
    return list.length;
  }

  function numberParse() {
    const { vectors: list } = vectors['number-parse.json'];
    for (const { text, country, e164, error } of list) {
      if (error) throws(() => PhoneNumber.parse(text, country), error, text);
      else equal(PhoneNumber.parse(text, country).e164, e164, text);
    }
    return list.length;
  }

  function keyUri() {
    const { vectors: list } = vectors['key-uri.json'];
    const whole = (value) => (value === undefined ? null : BigInt(value));
    for (const { uri, error, secret_hex, written, ...said } of list) {
      if (error) {
        throws(() => KeyUri.parse(uri), error, uri);
        continue;
      }
      const parsed = KeyUri.parse(uri);
      const facts = parsed.facts();
      equal(facts, {
        kind: said.kind,
        counter: whole(said.counter),
        period: whole(said.period),
        issuer: said.issuer ?? null,
        account: said.account,
        algorithm: said.algorithm,
        digits: said.digits,
        parameters: said.parameters,
        cautions: said.cautions,
      }, uri);
      equal(parsed.secret().exposeHex(), secret_hex, uri);
      equal(parsed.expose(), written, uri);
      equal(KeyUri.parse(written).facts(), facts, uri);
    }
    return list.length;
  }

  const checks = {
    'hotp.json': hotp,
    'key-uri.json': keyUri,
    'number-hash.json': numberHash,
    'number-parse.json': numberParse,
    'ocra-more.json': () => ocra('ocra-more.json'),
    'ocra.json': () => ocra('ocra.json'),
    'totp-wrong.json': totpWrong,
    'totp.json': totp,
  };
  const cases = Object.keys(vectors).map((name) => [`vectors ${name}`, () => {
    const count = checks[name]();
    ok(count > 0, `${name} is empty`);
    return count;
  }]);
  return Object.fromEntries(cases);
};
