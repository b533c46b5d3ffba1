"""Sends Accounting-Requests with pyrad and its defaults.

Reads the address of the server, the secret, the own address and the packets as
JSON from the standard input, and writes for each packet whether it was answered.
A packet with "signed" has a Message-Authenticator.
"""

import io
import json
import sys

from pyrad.client import Client, Timeout
from pyrad.dictionary import Dictionary

DICTIONARY = """
ATTRIBUTE NAS-IP-Address 4 ipaddr
ATTRIBUTE Framed-IP-Address 8 ipaddr
ATTRIBUTE Calling-Station-Id 31 string
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Acct-Delay-Time 41 integer
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE Event-Timestamp 55 date
ATTRIBUTE Message-Authenticator 80 octets
ATTRIBUTE Framed-IPv6-Prefix 97 ipv6prefix
VALUE Acct-Status-Type Start 1
VALUE Acct-Status-Type Stop 2
VALUE Acct-Status-Type Interim-Update 3
VALUE Acct-Status-Type Accounting-On 7
VALUE Acct-Status-Type Accounting-Off 8
VALUE Acct-Status-Type Tunnel-Start 9
VALUE Acct-Status-Type Failed 15
"""


def main():
    task = json.load(sys.stdin)
    client = Client(
        server=task["host"],
        acctport=task["port"],
        secret=task["secret"].encode(),
        dict=Dictionary(io.StringIO(DICTIONARY)),
    )
    client.bind((task["source"], 0))
    answered = []
    for attributes in task["packets"]:
        if attributes.pop("signed", False):
            packet = client.CreateAcctPacket(message_authenticator=True)
        else:
            packet = client.CreateAcctPacket()
        for name, value in attributes.items():
            packet[name] = value
        try:
            client.SendPacket(packet)
            answered.append(True)
        except Timeout:
            answered.append(False)
    json.dump(answered, sys.stdout)


main()
