"""The module from Python: vectors, a challenge on a store and a token.

Usage: python wasmtime_host.py MODULE VECTORS
"""

import json
import os
import sys
from pathlib import Path

import wasmtime

# Numbers of operations, steps and answers; docs/LISTS.md and bindings/src/operation.rs.
SECRET_FROM_BYTES, HOTP_NEW, HOTP_VERIFY, HOTP_GENERATE = 100, 200, 201, 203
TOTP_NEW, TOTP_VERIFY, TOTP_GENERATE = 300, 303, 307
KEYRING_GENERATE, CHALLENGE_ISSUE, CHALLENGE_ATTEMPT = 800, 950, 951
TOKEN_ENROLL, TOKEN_ATTEMPT_TOTP, CHANGE_NEXT = 1150, 1152, 1600
DONE, LOAD, SWAP = 0, 1, 2
BEGIN, LOADED, STORED, CONFLICT = 0, 1, 2, 3
ACCEPT, WRONG, USED, REPLAYED = 0, 1, 4, 8
ALGORITHMS = {"SHA1": 1, "SHA256": 2, "SHA512": 3}
PHONE = 1
NOW_MS = 1_700_000_000_000


def u8(value):
    return value.to_bytes(1, "big")


def u32(value):
    return value.to_bytes(4, "big")


def u64(value):
    return value.to_bytes(8, "big")


def packed(data):
    if isinstance(data, str):
        data = data.encode()
    return u32(len(data)) + data


class Reply:
    def __init__(self, data):
        self.data = data

    def take(self, length):
        front, self.data = self.data[:length], self.data[length:]
        return front

    def number(self, length):
        return int.from_bytes(self.take(length), "big")

    def bytes(self):
        return self.take(self.number(4))

    def optional(self, read):
        return read() if self.number(1) else None


class Module:
    def __init__(self, path):
        store = wasmtime.Store()
        module = wasmtime.Module.from_file(store.engine, path)
        assert not module.imports, "the module has imports"
        exports = wasmtime.Instance(store, module, []).exports(store)
        self.store, self.memory = store, exports["memory"]
        self.alloc, self.free = exports["mpass_alloc"], exports["mpass_free"]
        self.entry = exports["mpass_call"]

    def call(self, operation, handle, data=b""):
        data = u64(handle) + data
        address = self.alloc(self.store, len(data))
        self.memory.write(self.store, data, address)
        reply = self.entry(self.store, operation, address, len(data))
        self.free(self.store, address, len(data))
        length = int.from_bytes(self.memory.read(self.store, reply, reply + 4), "big")
        outcome = bytes(self.memory.read(self.store, reply + 4, reply + 4 + length))
        self.free(self.store, reply, 4 + length)
        outcome = Reply(outcome)
        return outcome.number(2), outcome

    def perform(self, operation, handle, data=b""):
        error, reply = self.call(operation, handle, data)
        assert error == 0, f"operation {operation}: error {error}"
        return reply

    def object(self, operation, handle, data=b""):
        return self.perform(operation, handle, data).number(8)

    def codes(self, operation, key, algorithm, digits, more=b""):
        secret = self.object(SECRET_FROM_BYTES, 0, packed(bytes.fromhex(key)))
        settings = u8(ALGORITHMS[algorithm]) + u32(digits) + u8(0)
        return self.object(operation, secret, settings + more)

    def drive(self, operation, handle, data, store, now_ms):
        """Carries an operation on a store to its outcome."""
        change = self.object(operation, handle, data)
        answer = u8(BEGIN)
        while True:
            step = self.perform(CHANGE_NEXT, change, answer + u64(now_ms))
            kind = step.number(1)
            if kind == DONE:
                return step
            place = step.take(17)  # The kind of value and its key.
            current = store.get(place)
            if kind == LOAD:
                answer = u8(LOADED)
            else:
                assert kind == SWAP
                if step.optional(step.bytes) == current:
                    store[place] = step.bytes()
                    answer = u8(STORED)
                    continue
                answer = u8(CONFLICT)
            answer += u8(0) if current is None else u8(1) + packed(current)


def tampered(code):
    """The code with its last digit changed."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def hotp(module, vectors):
    hotp = module.codes(HOTP_NEW, vectors["key_hex"], vectors["algorithm"], vectors["digits"])
    for vector in vectors["vectors"]:
        code, counter = vector["code"], u64(vector["counter"])
        assert module.perform(HOTP_GENERATE, hotp, counter).bytes() == code.encode()
        for typed, right in [(code, True), (tampered(code), False)]:
            found = module.perform(HOTP_VERIFY, hotp, packed(typed) + counter + u32(0))
            assert found.number(1) == right
    return len(vectors["vectors"])


def totp(module, vectors):
    for vector in vectors["vectors"]:
        code, time = vector["code"], u64(vector["unix_time"])
        more = u64(vectors["step"]) + u64(vectors["t0"])
        totp = module.codes(
            TOTP_NEW, vector["key_hex"], vector["algorithm"], vectors["digits"], more
        )
        assert module.perform(TOTP_GENERATE, totp, time).bytes() == code.encode()
        for typed, right in [(code, True), (tampered(code), False)]:
            found = module.perform(TOTP_VERIFY, totp, packed(typed) + time + u64(0))
            assert found.number(1) == right
    return len(vectors["vectors"])


def challenge(module, keyring):
    store = {}
    # Service, tenant, subject, context, no settings, never restored.
    bound = packed("signup") + packed("tenant") + u8(PHONE) + packed("+966500000000")
    bound += packed("") + u32(0) + u8(0)

    def perform(operation, more=b""):
        data = bound + os.urandom(32) + more
        return module.drive(operation, keyring, data, store, NOW_MS)

    issued = perform(CHALLENGE_ISSUE)
    assert issued.number(1) == 0, "issued"
    code = issued.bytes().decode()
    verdicts = [
        perform(CHALLENGE_ATTEMPT, packed(typed)).number(1)
        for typed in [tampered(code), code, code]
    ]
    assert verdicts == [WRONG, ACCEPT, USED], verdicts


def token(module, keyring):
    store = {}
    totp = module.codes(TOTP_NEW, b"12345678901234567890".hex(), "SHA1", 6, u64(30) + u64(0))
    code = module.perform(TOTP_GENERATE, totp, u64(NOW_MS // 1000)).bytes().decode()
    # Tenant, token, no settings, never restored, may be new.
    bound = packed("tenant") + packed("token") + u32(0) + u8(0) + u8(0)

    def perform(operation, more):
        data = bound + os.urandom(32) + more
        return module.drive(operation, keyring, data, store, NOW_MS).number(1)

    assert perform(TOKEN_ENROLL, u64(0)) == 1
    verdicts = [
        perform(TOKEN_ATTEMPT_TOTP, u64(totp) + packed(typed))
        for typed in [code, code]
    ]
    assert verdicts == [ACCEPT, REPLAYED], verdicts


def main():
    module, vectors = sys.argv[1], Path(sys.argv[2])
    module = Module(module)
    read = lambda name: json.loads((vectors / name).read_text())
    count = hotp(module, read("hotp.json")) + totp(module, read("totp.json"))
    keyring = module.object(KEYRING_GENERATE, 0, os.urandom(32))
    challenge(module, keyring)
    token(module, keyring)
    assert module.call(9999, 0)[0] == 4, "an unknown operation"
    print(f"wasmtime: {count} vectors, a challenge and a token passed, 0 failed")


main()
