"""Stores in Redis and PostgreSQL for libmpass, called by ctypes: redis-py and psycopg.

The layout is the one of every language: stores/layout of the repository.
"""

import contextlib
import hashlib
import os
import socket
import struct
import threading
from pathlib import Path

import psycopg
import redis

LAYOUT = Path(__file__).resolve().parents[2] / "stores" / "layout"
STATE = 1
TIMEOUT_S = 5
# The clock of Redis is another one: a state stays this much longer.
MARGIN_MS = 86_400_000
LATEST_MS = 8_640_000_000_000_000


class Failed(Exception):
    """Nothing was stored."""


class Full(Exception):
    """Nothing was stored: there is no room."""


class Unknown(Exception):
    """The swap may be stored."""


class Expired(Exception):
    """Nothing was stored: a value that expires as early may have been dropped."""


class RedisStore:
    """A store in Redis 7.0 or newer; one connection, used by one thread at a time."""

    def __init__(self, url, prefix=b"mpass:"):
        # A swap that is sent twice would conflict with itself: nothing is sent again.
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),
            single_connection_client=True,
        )
        self._script = (LAYOUT / "swap.lua").read_bytes()
        self._sha1 = hashlib.sha1(self._script).hexdigest()
        self._states, self._documents = prefix + b"s:", prefix + b"d"
        self._lock = threading.Lock()

    def _call(self, *command):
        with self._lock:
            return self._redis.execute_command(*command)

    def _read(self, *command):
        try:
            return self._call(*command)
        except redis.RedisError as error:
            raise Failed(type(error).__name__) from None

    def load(self, kind, key):
        if kind == STATE:
            return self._read("GET", self._states + key)
        held = self._read("HGET", self._documents, key)
        return None if held is None else held[8:]

    def swap(self, kind, key, expected, value, expires_at_ms, now_ms):
        """None when the value is stored, otherwise a list: of the current value, or empty."""
        end = None if expires_at_ms is None else min(expires_at_ms, LATEST_MS)
        if kind == STATE:
            place, field = self._states + key, b""
            life = b"" if end is None else max(end - now_ms + MARGIN_MS, 1)
        else:
            place, field, life = self._documents, key, struct.pack(">Q", end or 0)
        arguments = (1, place, field, int(expected is not None), expected or b"", value, life)
        try:
            try:
                reply = self._call("EVALSHA", self._sha1, *arguments)
            except redis.exceptions.NoScriptError:
                reply = self._call("EVAL", self._script, *arguments)
        except redis.exceptions.OutOfMemoryError:
            raise Full from None
        except redis.ResponseError:
            # The script writes last: after an error nothing is stored.
            raise Failed from None
        except redis.RedisError:
            raise Unknown from None
        if not isinstance(reply, list) or reply[:1] not in ([0], [1]):
            # Not one of the script.
            raise Unknown
        stored, *current = reply
        return None if stored == 1 else current

    def list(self, after, limit):
        keys = sorted(key for key in self._read("HKEYS", self._documents) if after is None or key > after)
        keys = keys[:limit]
        values = self._read("HMGET", self._documents, *keys) if keys else []
        return [(key, value[8:]) for key, value in zip(keys, values) if value is not None]


TABLES = {1: "mpass_state", 2: "mpass_document"}
TIME = "to_timestamp(%(end)s::float8 / 1000)"
LOAD = "SELECT value FROM {table} WHERE key = %(key)s"
INSERT = f"""INSERT INTO {{table}} (key, value, expires_at)
    SELECT %(key)s, %(value)s, {TIME}
    WHERE NOT EXISTS (SELECT FROM mpass_dropped WHERE kind = {{kind}} AND until >= {TIME})
    ON CONFLICT (key) DO NOTHING"""
UPDATE = f"""UPDATE {{table}} SET value = %(value)s, expires_at = {TIME}
    WHERE key = %(key)s AND value = %(expected)s"""
DROPPED = f"SELECT 1 FROM mpass_dropped WHERE kind = {{kind}} AND until >= {TIME}"
LIST = """SELECT key, value FROM mpass_document WHERE key > %(after)s
    ORDER BY key LIMIT %(limit)s"""
VERIFY = """SELECT current_setting('synchronous_commit') <> 'off'
    AND current_setting('fsync') <> 'off' AND current_setting('transaction_read_only') = 'off'"""
COLLISIONS = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
# A commit did not wait for the standby: the wait was cancelled, or the server shuts down.
NOT_WAITED = ("57014", "57P01")


@contextlib.contextmanager
def deadline(connection):
    """Ends a connection that does not answer in time; nothing is cancelled."""
    peer = socket.socket(fileno=os.dup(connection.fileno()))
    timer = threading.Timer(TIMEOUT_S, lambda: peer.shutdown(socket.SHUT_RDWR))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        peer.close()


class PostgresStore:
    """A store in PostgreSQL 15 or newer; one connection, used by one thread at a time."""

    def __init__(self, url):
        self._url = url
        self._connection = None
        self._is_waited = True
        self._lock = threading.Lock()
        self._run((LAYOUT / "postgres.sql").read_text())

    def _hear(self, diagnostic):
        self._is_waited &= diagnostic.sqlstate not in NOT_WAITED

    def _connected(self):
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=TIMEOUT_S
            )
            self._connection.add_notice_handler(self._hear)
            with deadline(self._connection):
                is_safe = self._connection.execute(VERIFY).fetchone()[0]
            if not is_safe:
                self._connection.close()
                raise Failed("the connection could lose a commit")
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            raise Failed("the connection is inside a transaction")
        return self._connection

    def _run(self, statement, **values):
        """The cursor of a statement; the caller tells what an error means."""
        try:
            connection = self._connected()
        except psycopg.Error as error:
            raise Failed(error.sqlstate) from None
        with deadline(connection):
            return connection.execute(statement, values or None, binary=bool(values))

    def _read(self, statement, **values):
        with self._lock:
            try:
                return self._run(statement, **values).fetchall()
            except psycopg.Error as error:
                raise Failed(error.sqlstate) from None

    def load(self, kind, key):
        rows = self._read(LOAD.format(table=TABLES[kind]), key=key)
        return rows[0][0] if rows else None

    def _changed(self, statement, values):
        self._is_waited = True
        for left in range(4, -1, -1):
            try:
                count = self._run(statement, **values).rowcount
            except COLLISIONS:
                if left == 0:
                    raise Failed from None
                continue
            except psycopg.errors.DiskFull:
                raise Full from None
            except psycopg.Error as error:
                state = error.sqlstate
                if state is None or state.startswith(("08", "57P", "XX")):
                    self._connection.close()
                    raise Unknown from None
                raise Failed(state) from None
            if not self._is_waited:
                raise Unknown
            return count == 1

    def swap(self, kind, key, expected, value, expires_at_ms, now_ms):
        """None when the value is stored, otherwise a list: of the current value, or empty."""
        end = None if expires_at_ms is None else min(expires_at_ms, LATEST_MS)
        names = {"table": TABLES[kind], "kind": kind}
        values = {"key": key, "value": value, "end": end, "expected": expected}
        statement = INSERT if expected is None else UPDATE
        with self._lock:
            if self._changed(statement.format(**names), values):
                return None
        current = self.load(kind, key)
        if current is not None:
            return [current]
        if expected is None and end is not None and self._read(DROPPED.format(**names), end=end):
            raise Expired
        return []

    def list(self, after, limit):
        return self._read(LIST, after=after or b"", limit=limit)


def open_store(url):
    return RedisStore(url) if url.startswith("redis") else PostgresStore(url)
