"""The part of libmpass that the example calls, by ctypes; include/mpass.h has the rest.

MPASS_LIBRARY is the path of libmpass.so, if the loader does not find it by its name.
"""

import ctypes
import os
import time
from ctypes import CFUNCTYPE, POINTER, byref, c_bool, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

import store

ABI_VERSION = 1
GROUP_CHANNEL, FIELD_NAME = 4, 301
LOADED, STORED, CONFLICT, DELIVERED, UNKNOWN = 1, 2, 3, 4, 6
FAILED, FULL, EXPIRED, LISTED = 7, 9, 13, 14
KEY = 16
ROOM = 4096

library = ctypes.CDLL(os.environ.get("MPASS_LIBRARY", f"libmpass.so.{ABI_VERSION}"))
library.mpass_status_text.restype = ctypes.c_char_p

BYTES = POINTER(c_uint8)
# The callbacks of mpass_host, in its order.
CALLBACKS = {
    "now_ms": CFUNCTYPE(c_uint64, c_void_p),
    "entropy": CFUNCTYPE(c_bool, c_void_p, BYTES, c_size_t),
    "load": CFUNCTYPE(c_uint32, c_void_p, c_uint32, BYTES, c_void_p),
    "swap": CFUNCTYPE(
        c_uint32, c_void_p, c_uint32, BYTES, BYTES, c_size_t, BYTES, c_size_t, POINTER(c_uint64),
        c_uint64, c_void_p,
    ),
    "list": CFUNCTYPE(c_uint32, c_void_p, BYTES, c_uint32, c_void_p),
    "assess": c_void_p,
    "deliver": CFUNCTYPE(
        c_uint32, c_void_p, BYTES, c_size_t, BYTES, c_size_t, BYTES, c_size_t, c_uint32
    ),
}
UNUSED = ["introspect", "resolve", "signing_keys", "sign", "check_signature", "reserved_1", "reserved_2"]


class HostStruct(ctypes.Structure):
    """mpass_host."""

    _fields_ = [
        ("size", c_uint32), ("reserved", c_uint32), *CALLBACKS.items(),
        *((name, c_void_p) for name in UNUSED),
    ]


class Error(Exception):
    """A status of the library that is not OK."""


def check(status):
    if status != 0:
        raise Error(library.mpass_status_text(status).decode())


def call(name, *arguments):
    """Calls a function that returns a status."""
    check(getattr(library, name)(*arguments))


class Handle:
    """What a function made of the library; freed at the end of `with`."""

    def __init__(self, kind, function, *arguments):
        self._kind, self.pointer = kind, c_void_p()
        call(function, *arguments, byref(self.pointer))

    def __enter__(self):
        return self.pointer

    def __exit__(self, *_):
        getattr(library, f"mpass_{self._kind}_free")(self.pointer)


def sized(data):
    return data, c_size_t(len(data))


def written(function, handle):
    """The bytes that a function writes."""
    room, length = ctypes.create_string_buffer(ROOM), c_size_t()
    call(function, handle, room, c_size_t(ROOM), byref(length))
    return room.raw[: length.value]


def taken(pointer, length):
    """The bytes at a pointer, None for NULL."""
    return ctypes.string_at(pointer, length) if pointer else None


class Host:
    """The callbacks of a host with a store. `sent` has the messages."""

    def __init__(self, own):
        self.store, self.sent = own, []
        # The struct keeps the callbacks: they must live as long as it.
        self.struct = HostStruct(size=ctypes.sizeof(HostStruct))
        for name, kind in CALLBACKS.items():
            if hasattr(self, f"_{name}"):
                setattr(self.struct, name, kind(getattr(self, f"_{name}")))
        self.pointer = byref(self.struct)

    @staticmethod
    def _now_ms(_):
        return time.time_ns() // 1_000_000

    @staticmethod
    def _entropy(_, out, length):
        ctypes.memmove(out, os.urandom(length), length)
        return True

    # An exception must not leave a callback: ctypes would print it and return 0.
    def _load(self, _, kind, key, current):
        try:
            value = self.store.load(kind, taken(key, KEY))
            if value is not None:
                check(library.mpass_value_set(c_void_p(current), *sized(value)))
            return LOADED
        except Exception:
            return FAILED

    def _swap(self, _, kind, key, expected, expected_len, value, value_len, expires, now, current):
        end = expires[0] if expires else None
        before, after = taken(expected, expected_len), taken(value, value_len) or b""
        try:
            found = self.store.swap(kind, taken(key, KEY), before, after, end, now)
            if found:
                check(library.mpass_value_set(c_void_p(current), *sized(found[0])))
            return STORED if found is None else CONFLICT
        except store.Failed:
            return FAILED
        except store.Full:
            return FULL
        except store.Expired:
            return EXPIRED
        except Exception:
            return UNKNOWN

    def _list(self, _, after, limit, documents):
        try:
            for key, value in self.store.list(taken(after, KEY), limit):
                check(library.mpass_documents_add(c_void_p(documents), *sized(key), *sized(value)))
            return LISTED
        except Exception:
            return FAILED

    def _deliver(self, _, to, to_len, text, text_len, *_rest):
        self.sent.append(taken(text, text_len).decode())
        return DELIVERED

    def probe(self, threads=16, rounds=4):
        """Runs the library's check of a store; 0, or the number of the rule that is broken."""
        failure, kind, won = c_uint32(), c_uint32(), c_size_t()
        call(
            "mpass_store_probe", self.pointer, None, c_size_t(threads), c_size_t(rounds),
            c_uint64(self._now_ms(None)), *sized(os.urandom(32)), byref(failure), byref(kind), byref(won),
        )
        return failure.value


def generate():
    """The text of a new keyring."""
    with Handle("keyring", "mpass_keyring_generate", *sized(os.urandom(32))) as keyring:
        return written("mpass_keyring_text", keyring)


def create(keyring, host, name):
    """Creates a channel; returns its key."""
    with Handle("settings", "mpass_settings_new", c_uint32(GROUP_CHANNEL)) as settings:
        call("mpass_settings_set_text", settings, c_uint32(FIELD_NAME), *sized(name.encode()))
        with Handle(
            "credential", "mpass_tenant_create_in", keyring, settings, host.pointer, None
        ) as created:
            return written("mpass_credential_text", created).decode()


def ask(engine, host, path, query):
    """One request of the mPass contract; returns the body of its reply."""
    parts = [text.encode() for text in ("GET", path, query, "127.0.0.1")]
    with Handle("request", "mpass_request_new", *(each for part in parts for each in sized(part))) as request:
        with Handle("reply", "mpass_drive", engine, request, host.pointer, None) as reply:
            return written("mpass_reply_body", reply).decode()
