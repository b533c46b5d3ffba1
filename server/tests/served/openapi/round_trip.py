"""Calls a server through clients that openapi-python-client generated.

Arguments: the directory with the clients and the name of the document. Reads a
line of JSON from the standard input: the server's address and credentials. For
the code of a message it writes `code NUMBER` and reads a line.
"""

import base64
import importlib
import json
import sys
from urllib.parse import parse_qs, urlsplit

CLIENTS, NAME = sys.argv[1:]
sys.path.insert(0, CLIENTS)
PACKAGE = NAME.replace("-", "_")
GIVEN = json.loads(input())


def operation(path):
    """The module of an operation."""
    return importlib.import_module(f"{PACKAGE}.api.{path}")


def models():
    return importlib.import_module(f"{PACKAGE}.models")


def anonymous(**options):
    module = importlib.import_module(PACKAGE)
    return module.Client(base_url=GIVEN["base"], **options)


def authenticated(token, **options):
    module = importlib.import_module(PACKAGE)
    return module.AuthenticatedClient(base_url=GIVEN["base"], token=token, **options)


def code(number):
    """The code that the gateway received for a number."""
    print(f"code {number}", flush=True)
    return input()


def same(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def otp_validation_v1():
    send = operation("otp_management.send_code")
    validate = operation("otp_management.validate_code")
    client = authenticated(GIVEN["client_token"])
    number = "+966500000001"
    body = models().SendCodeBody(phone_number=number, message="{{code}} is your code")
    sent = send.sync_detailed(client=client, body=body, x_correlator="a-1")
    same((sent.status_code, sent.headers["x-correlator"]), (200, "a-1"))
    # What a caller does: the id of one response goes into the next request.
    guess = models().ValidateCodeBody(sent.parsed.authentication_id, "00000000")
    wrong = validate.sync(client=client, body=guess)
    same(wrong.code.value, "ONE_TIME_PASSWORD_SMS.INVALID_OTP")
    right = models().ValidateCodeBody(sent.parsed.authentication_id, code(number))
    same(validate.sync_detailed(client=client, body=right).status_code, 204)
    again = validate.sync(client=client, body=right)
    same(again.code.value, "ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED")
    refused = send.sync(client=authenticated("x"), body=body)
    same((refused.status, refused.code), (401, "UNAUTHENTICATED"))


def number_verification():
    verify = operation("phone_number_verify.phone_number_verify")
    share = operation("phone_number_share.phone_number_share")
    claim = models().NumberVerificationRequestBody
    client = authenticated(GIVEN["network_token"])
    own = share.sync(client=client).device_phone_number
    same(own, GIVEN["number"])
    for body, expected in [
        (claim(phone_number=own), True),
        (claim(phone_number="+966500000009"), False),
        (claim(hashed_phone_number=GIVEN["number_hash"]), True),
    ]:
        answer = verify.sync(client=client, body=body)
        same(answer.device_phone_number_verified, expected)
    # Scenarios 403.2: a device that its network has not authenticated.
    client = authenticated(GIVEN["other_token"])
    for answer in [
        verify.sync(client=client, body=claim(phone_number=own)),
        share.sync(client=client),
    ]:
        name = "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK"
        same((answer.status, answer.code), (403, name))
    both = claim(phone_number=own, hashed_phone_number=GIVEN["number_hash"])
    answer = verify.sync(client=authenticated(GIVEN["network_token"]), body=both)
    same((answer.status, answer.code), (400, "INVALID_ARGUMENT"))


number_verification_v0 = number_verification_v2 = number_verification


def mpass():
    # The clients have no support for keys in the query.
    client = anonymous(httpx_args={"params": {"apikey": GIVEN["channel_key"]}})
    number = "+966500000002"
    lang = models().Lang.AR_SA
    sent = operation("default.send").sync(client=client, dest=number, lang=lang, app="Shop")
    same((sent.description.value, sent.status.value), ("Accept", "0"))
    verify = operation("default.verify")
    wrong = verify.sync(client=client, dest=number, otp="00000000", app="Shop")
    same(wrong.description.value, "Reject")
    right = verify.sync(client=client, dest=number, otp=code(number), app="Shop")
    same(right.status.value, "0")
    body = models().SendFormBody(dest="+966500000003")
    same(operation("default.send_form").sync(client=client, body=body).status.value, "0")
    body = models().VerifyFormBody(dest="+966500000003", otp=code("+966500000003"))
    same(operation("default.verify_form").sync(client=client, body=body).status.value, "0")
    denied = operation("default.send").sync(client=anonymous(), dest=number)
    same(denied.status.value, "2")


def verify_now():
    client = anonymous(httpx_args={"params": {"key": GIVEN["password"]}})
    token = operation("default.token").sync(client=client, customer_id=GIVEN["customer"])
    # A client of a document sends its token in one place.
    client = authenticated(token.token, prefix="", auth_header_name="authToken")
    for version, number in [("v2", "500000004"), ("v3", "500000005")]:
        send = operation(f"default.send_{version}")
        validate = operation(f"default.validate_{version}")
        call = {
            "client": client,
            "customer_id": GIVEN["customer"],
            "country_code": "966",
            "mobile_number": number,
            "flow_type": "SMS",
        }
        sent = send.sync(**call)
        same((sent.response_code, sent.data.mobile_number), (200, number))
        live = send.sync(**call)
        same(live.message, "REQUEST_ALREADY_EXISTS")
        same(live.data.transaction_id, sent.data.transaction_id)
        call = {
            "client": client,
            "customer_id": GIVEN["customer"],
            "verification_id": live.data.verification_id,
        }
        wrong = validate.sync(**call, code="00000000")
        same((wrong.response_code, wrong.message), (702, "WRONG_OTP_PROVIDED"))
        done = validate.sync(**call, code=code(f"+966{number}"))
        same(done.data.verification_status, "VERIFICATION_COMPLETED")
        same(str(done.data.verification_id), sent.data.verification_id)


def login():
    provider = operation("default.discovery").sync(client=anonymous())
    keys = operation("default.jwks").sync(client=anonymous())
    scope = "openid number-verification:verify"
    request = {
        "client_id": GIVEN["client"],
        "redirect_uri": GIVEN["redirect_uri"],
        "response_type": "code",
        "scope": scope,
        "code_challenge": GIVEN["challenge"],
        "code_challenge_method": "S256",
        "state": "af0ifjsldkj",
    }
    get = operation("default.authorize").sync_detailed(client=anonymous(), **request)
    body = models().Authorization(**request)
    post = operation("default.authorize_form").sync_detailed(client=anonymous(), body=body)
    pair = f"{GIVEN['client']}:{GIVEN['secret']}".encode()
    client = authenticated(base64.b64encode(pair).decode(), prefix="Basic")
    token = operation("default.token")
    for back in [get, post]:
        same(back.status_code, 302)
        query = parse_qs(urlsplit(back.headers["location"]).query)
        same((query["state"], query["iss"]), (["af0ifjsldkj"], [provider.issuer]))
        grant = models().CodeGrant(
            grant_type="authorization_code",
            code=query["code"][0],
            redirect_uri=GIVEN["redirect_uri"],
            code_verifier=GIVEN["verifier"],
        )
        given = token.sync(client=client, body=grant)
        same((given.token_type, given.scope), ("Bearer", scope))
        header = given.id_token.split(".")[0]
        header = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
        assert header["kid"] in [key.kid for key in keys.keys], header
        same(token.sync(client=client, body=grant).error.value, "invalid_grant")
    grant = models().ClientGrant(
        grant_type="client_credentials", scope="one-time-password-sms:send-validate"
    )
    same(token.sync(client=client, body=grant).expires_in, 3600)


def server():
    same(operation("default.health").sync(client=anonymous()), "ok\n")
    metrics = operation("default.metrics").sync(client=anonymous())
    assert metrics.endswith("# EOF\n"), metrics
    listed = operation("default.documents").sync(client=anonymous()).documents
    for entry in listed:
        name = entry.path.rsplit("/", 1)[1]
        document = operation("default.document").sync(name, client=anonymous())
        same(document["info"]["title"], entry.title)


globals()[PACKAGE]()
print("done")
