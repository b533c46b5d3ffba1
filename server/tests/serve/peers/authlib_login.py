"""The login of a running server with Authlib's Flask client and its defaults:
everything except the client's own credential comes from discovery.

python authlib_login.py ISSUER CLIENT_ID CLIENT_SECRET ALGORITHM
"""

import base64
import json
import sys
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify

NUMBER = "+966500000000"
BACK = "https://app.example/back"
issuer, client_id, client_secret, algorithm = sys.argv[1:]

app = Flask(__name__)
app.secret_key = "the session of this test"
oauth = OAuth(app)
oauth.register(
    "mpass",
    server_metadata_url=f"{issuer}/.well-known/openid-configuration",
    client_id=client_id,
    client_secret=client_secret,
    client_kwargs={
        "scope": "openid number-verification:verify",
        # Without it Authlib sends no PKCE, which this server requires.
        "code_challenge_method": "S256",
    },
)


@app.get("/login")
def login():
    return oauth.mpass.authorize_redirect(BACK)


@app.get("/back")
def back():
    # Verifies the ID token: signature, issuer, audience, times and nonce.
    token = oauth.mpass.authorize_access_token()
    verify = f"{issuer}/number-verification/v2/verify"
    told = oauth.mpass.post(verify, token=token, json={"phoneNumber": NUMBER})
    return jsonify(
        claims=token["userinfo"],
        id_token=token["id_token"],
        status=told.status_code,
        told=told.json(),
    )


with app.test_client() as browser:
    started = browser.get("/login", base_url="https://app.example")
    assert started.status_code == 302, started.text
    visited = requests.get(started.location, allow_redirects=False, timeout=60)
    assert visited.status_code == 302, visited.text
    answer = urlsplit(visited.headers["Location"])
    assert "error" not in parse_qs(answer.query), answer.query
    result = browser.get(f"/back?{answer.query}", base_url="https://app.example")
    assert result.status_code == 200, result.text
    body = result.get_json()

header = body["id_token"].split(".")[0]
header = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
assert header["alg"] == algorithm, header
assert body["claims"]["iss"] == issuer, body
assert (body["status"], body["told"]) == (200, {"devicePhoneNumberVerified": True}), body
print("ok")
