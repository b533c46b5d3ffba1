/* The calls of misuse.json that administer tenants. */
#ifndef MISUSE_TENANTS_H
#define MISUSE_TENANTS_H

#include "arguments.h"

mpass_status misuse_create_channel(const mpass_keyring *keyring);
mpass_status misuse_create_customer(const mpass_keyring *keyring);
mpass_status misuse_create_client(const mpass_keyring *keyring);
/* These create the channel `shop` with `keyring` first. */
mpass_status misuse_read_tenant(const mpass_keyring *keyring,
                                const mpass_keyring *argument);
mpass_status misuse_update_tenant(const mpass_keyring *keyring);
mpass_status misuse_rotate_tenant(const mpass_keyring *keyring);
mpass_status misuse_provision_tenant(const mpass_keyring *keyring);

#endif
