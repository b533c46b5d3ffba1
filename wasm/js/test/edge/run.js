// Starts the example worker under test.
import { diskService, esm, packageModules, startWorkerd } from '../workerd-run.js';

const EXAMPLE = ['worker.js', 'admin.js', 'operator.js', 'signing-keys.js'];
export const ADMIN_TOKEN = 'token of the test';
export const ISSUER = 'https://verify.example';
/** The header in which the tests attest the caller's address. */
export const ADDRESS_HEADER = 'x-test-address';

/** A binding of a text. */
const text = (name, value) => `(name = "${name}", text = ${JSON.stringify(value)})`;

/** The modules of the example under test. */
const underTest = () => [
  esm('main.js', 'edge/harness.js'),
  ...EXAMPLE.map((name) => esm(name, `edge-worker/${name}`)),
  ...packageModules(),
];

/**
 * Starts it with its values in a directory, the keyring in a secret, and the
 * operator at a base URL.
 */
export function startEdge({
  directory, keyring, operator, file, signingKeys, modules = underTest(), className = 'WatchedShard',
}) {
  const worker = `
  modules = [${modules.join(',\n    ')}],
  compatibilityDate = "2026-01-01",
  compatibilityFlags = ["nodejs_als"],
  durableObjectNamespaces = [
    (className = "${className}", uniqueKey = "mpass", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "STORE", durableObjectNamespace = "${className}"),
    ${[
    text('KEYRING', keyring.expose()),
    text('ADMIN_TOKEN', ADMIN_TOKEN),
    text('ADDRESS_HEADER', ADDRESS_HEADER),
    text('ISSUER', ISSUER),
    text('GATEWAY_URL', `${operator}/messages`),
    text('OPERATOR_URL', operator),
    ...(signingKeys ? [text('SIGNING_KEYS', signingKeys)] : []),
  ].join(',\n    ')},
  ],
`;
  const services = [
    diskService(directory),
    '(name = "internet", network = (allow = ["local"]))',
  ];
  return startWorkerd(worker, services, file);
}
