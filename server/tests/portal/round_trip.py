"""Calls the administration API through a client of openapi-python-client.

Arguments: the directory with the client, the base URL and the secret of a token.
"""

import sys

sys.path.insert(0, sys.argv[1])

from administration import AuthenticatedClient
from administration.api.audit import read_audit_head
from administration.api.channels import (
    create_channel,
    list_channels,
    read_channel,
    revoke_channel,
    update_channel,
)
from administration.api.status import read_status
from administration.models import CreateChannelBody, UpdateChannelBody

client = AuthenticatedClient(base_url=sys.argv[2], token=sys.argv[3])
created = create_channel.sync_detailed(client=client, body=CreateChannelBody(name="shop"))
assert created.status_code == 201, created
assert created.parsed.key
read = read_channel.sync_detailed("shop", client=client)
tag = read.headers["etag"]
body = UpdateChannelBody(digits=8)
changed = update_channel.sync_detailed("shop", client=client, body=body, if_match=tag)
assert changed.status_code == 200, changed
assert changed.parsed.digits == 8
again = update_channel.sync_detailed("shop", client=client, body=body, if_match=tag)
assert again.status_code == 412, again
assert again.parsed.type_ == "urn:mpass:problem:changed"
names = [tenant.name for tenant in list_channels.sync(client=client).tenants]
assert "shop" in names, names
assert revoke_channel.sync_detailed("shop", client=client).status_code == 204
assert read_audit_head.sync(client=client).number > 0
assert read_status.sync(client=client).version
print("done")
