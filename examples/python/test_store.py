"""Tests of the stores: python test_store.py REDIS_URL POSTGRES_URL, which they write to."""

import os
import socket
import sys
import threading
import time
import unittest
import unittest.mock
from urllib.parse import urlsplit

import store

URLS = sys.argv[1:3]
NOW = 1_800_000_000_000
DAY = 86_400_000


class Proxy:
    """Cuts connections and withholds answers."""

    def __init__(self, url):
        parts = urlsplit(url)
        self._peer = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = url.replace(f":{parts.port}", f":{port}", 1)
        self._sockets, self.is_held = [], False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            pair = self._listener.accept()[0], socket.create_connection(self._peer)
            self._sockets.extend(pair)
            for way in (pair, pair[::-1]):
                threading.Thread(target=self._pump, args=(*way, way is pair), daemon=True).start()

    def _pump(self, source, target, is_request):
        try:
            while data := source.recv(65536):
                if is_request or not self.is_held:
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            end.close()

    def cut(self):
        for end in self._sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._sockets.clear()


def eventually(attempt):
    until = time.monotonic() + 60
    while True:
        try:
            return attempt()
        except store.Failed:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.enterContext(unittest.mock.patch.object(store, "TIMEOUT_S", 1))

    def test_a_swap_without_an_answer_is_unknown_and_a_cut_connection_replaced(self):
        for url in URLS:
            proxy = Proxy(url)
            own, key, value = store.open_store(proxy.url), os.urandom(16), os.urandom(16)
            # The script is loaded by then.
            self.assertIsNone(own.swap(1, os.urandom(16), None, value, None, NOW))
            proxy.is_held = True
            with self.assertRaises(store.Unknown):
                own.swap(1, key, None, value, None, NOW)
            proxy.is_held = False
            self.assertEqual(eventually(lambda: own.load(1, key)), value)
            proxy.cut()
            self.assertEqual(eventually(lambda: own.load(1, key)), value)
            self.assertIsNone(own.swap(1, key, value, os.urandom(16), None, NOW))
            self.assertEqual(own.swap(1, key, value, value, None, NOW), [own.load(1, key)])

    def test_what_does_not_expire_has_no_expiry(self):
        by_redis, by_postgres = [store.open_store(url) for url in URLS]
        for end, life in [(None, -1), (NOW + 60_000, DAY + 60_000)]:
            key = os.urandom(16)
            for own in (by_redis, by_postgres):
                self.assertIsNone(own.swap(1, key, None, b"value", end, NOW))
            left = by_redis._call("PTTL", b"mpass:s:" + key)
            self.assertTrue(life - 60_000 < left <= life, left)
            query = "SELECT extract(epoch FROM expires_at) * 1000 FROM mpass_state WHERE key = %(key)s"
            [(found,)] = by_postgres._read(query, key=key)
            self.assertEqual(found, end)

    def test_a_connection_in_a_transaction_is_refused(self):
        own, key = store.PostgresStore(URLS[1]), os.urandom(16)
        own._connection.autocommit = False
        own._connection.execute("SELECT 1")
        with self.assertRaises(store.Failed):
            own.swap(1, key, None, b"value", None, NOW)
        own._connection.rollback()
        own._connection.autocommit = True
        self.assertIsNone(own.load(1, key))

    def test_the_script_is_loaded_again(self):
        own = store.RedisStore(URLS[0])
        own._call("SCRIPT", "FLUSH")
        self.assertIsNone(own.swap(2, os.urandom(16), None, b"value", None, NOW))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
