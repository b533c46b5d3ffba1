"""libmpass from Python, with a store in Redis or PostgreSQL.

    pip install redis 'psycopg[binary]'
    python main.py keyring > KEYRING
    python main.py redis://127.0.0.1:6379 KEYRING tenant shop      prints the channel's key
    python main.py redis://127.0.0.1:6379 KEYRING issue KEY 966500000000       prints the code
    python main.py redis://127.0.0.1:6379 KEYRING verify KEY 966500000000 CODE
"""

import re
import sys
from pathlib import Path

import mpass
import store

PATH = "/mpass-web/rest/mv/"


def serve(keyring, header, host, key, number, code=None):
    query = f"apikey={key}&dest=%2B{number}" + ("" if code is None else f"&otp={code}")
    with mpass.Handle("engine", "mpass_engine_new", keyring, None) as engine:
        mpass.call("mpass_engine_apply", engine, header)
        body = mpass.ask(engine, host, PATH + ("msg" if code is None else "verify"), query)
    for text in host.sent:
        print(re.search(r"\d{6}", text)[0])
    print(body)


def main(url, path, command, *arguments):
    host = mpass.Host(store.open_store(url))
    if command == "probe":
        failure = host.probe()
        print(f"probe {failure}")
        sys.exit(failure != 0)
    text = Path(path).read_bytes()
    with mpass.Handle("keyring", "mpass_keyring_parse", *mpass.sized(text)) as keyring:
        # In production only the program that creates the keyring expects an empty store.
        with mpass.Handle(
            "store_header", "mpass_store_header_initialize_in", keyring, host.pointer, None
        ) as header:
            if command == "tenant":
                print(mpass.create(keyring, host, *arguments))
            else:
                serve(keyring, header, host, *arguments)


if sys.argv[1:] == ["keyring"]:
    sys.stdout.buffer.write(mpass.generate())
elif len(sys.argv) > 3:
    main(*sys.argv[1:])
else:
    sys.exit(__doc__)
