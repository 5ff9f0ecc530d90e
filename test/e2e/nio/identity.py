"""Cross-signing, which matrix-nio does not know: who vouches for a device, checked here from the server's raw answer, and made for people of tests."""

import asyncio
import json
from urllib.parse import quote

import vodozemac
from nio import Api


class Refused(Exception):
    """An answer of the server other than 2xx."""

    def __init__(self, status, body):
        super().__init__(f"{status} {json.dumps(body)}")
        self.status = status
        self.body = body


def canonical(value):
    return Api.to_canonical_json({k: v for k, v in value.items() if k not in ("signatures", "unsigned")}).encode()


def signed_by(value, user, key_id, key):
    """True when `value` carries a good signature of this key."""
    try:
        signature = value["signatures"][user][f"ed25519:{key_id}"]
        vodozemac.Ed25519PublicKey.from_base64(key).verify_signature(
            canonical(value), vodozemac.Ed25519Signature.from_base64(signature)
        )
        return True
    except (KeyError, TypeError, ValueError, vodozemac.KeyException, vodozemac.SignatureException):
        return False


def only_key(value, user, usage):
    """The public key of a cross-signing key object that is what it says to be; else None."""
    if not value or value.get("user_id") != user or usage not in value.get("usage", []):
        return None
    keys = value.get("keys", {})
    if len(keys) != 1:
        return None
    name, key = next(iter(keys.items()))
    return key if name == f"ed25519:{key}" else None


def devices_of(answer, user):
    """Of an answer to /keys/query: every device of this user, with what its keys and signatures are worth."""
    master = only_key(answer.get("master_keys", {}).get(user), user, "master")
    middle = answer.get("self_signing_keys", {}).get(user)
    signing = only_key(middle, user, "self_signing")
    chain = bool(master and signing and signed_by(middle, user, master, master))
    found = []
    for device_id, device in answer.get("device_keys", {}).get(user, {}).items():
        keys = device.get("keys", {})
        ed25519 = keys.get(f"ed25519:{device_id}", "")
        own = (
            device.get("user_id") == user
            and device.get("device_id") == device_id
            and signed_by(device, user, device_id, ed25519)
        )
        found.append(
            {
                "device": device_id,
                "ed25519": ed25519,
                "curve25519": keys.get(f"curve25519:{device_id}", ""),
                "selfSigned": own,
                "crossSigned": bool(own and chain and signed_by(device, user, signing, signing)),
            }
        )
    return {"master": master, "chain": chain, "devices": found}


class Identity:
    """Calls of one person; `client` is a nio client that is logged in."""

    def __init__(self, client):
        self.client = client
        self.known = {}
        # Our self-signing key, once we have one.
        self.own = None

    async def call(self, method, path, body=None):
        while True:
            headers = {"Authorization": f"Bearer {self.client.access_token}"}
            data = None if body is None else json.dumps(body)
            answer = await self.client.send(method, path, data, headers)
            got = await answer.json()
            if answer.status == 429:
                await asyncio.sleep(got.get("retry_after_ms", 500) / 1000)
                continue
            if answer.status >= 300:
                raise Refused(answer.status, got)
            return got

    async def look(self, user):
        answer = await self.call("POST", "/_matrix/client/v3/keys/query", {"device_keys": {user: []}})
        return devices_of(answer, user)

    async def sender(self, user, curve25519):
        """The device that has this key. What is cross-signed stays so; anything else is asked for anew each time."""
        known = self.known.get((user, curve25519))
        if known:
            return known
        for device in (await self.look(user))["devices"]:
            if device["curve25519"] == curve25519:
                if device["crossSigned"]:
                    self.known[(user, curve25519)] = device
                return device
        return None

    async def cross_sign(self, password):
        """As a new Element account does: three keys, and our own device signed with them."""
        user, device = self.client.user_id, self.client.device_id
        master, own, others = (vodozemac.Account() for _ in range(3))

        def key(account, usage, *signers):
            public = account.ed25519_key.to_base64()
            value = {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public}": public}}
            return sign(value, user, *signers)

        keys = {
            "master_key": key(master, "master"),
            "self_signing_key": key(own, "self_signing", master),
            "user_signing_key": key(others, "user_signing", master),
        }
        path = "/_matrix/client/v3/keys/device_signing/upload"
        try:
            await self.call("POST", path, keys)
        except Refused as refused:
            if refused.status != 401:
                raise
            auth = {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": user},
                "password": password,
                "session": refused.body.get("session"),
            }
            await self.call("POST", path, {**keys, "auth": auth})
        self.own = own
        await self.sign_device(device)

    async def sign_device(self, device):
        """Vouches for a device of our own account."""
        user = self.client.user_id
        answer = await self.call("POST", "/_matrix/client/v3/keys/query", {"device_keys": {user: [device]}})
        mine = answer["device_keys"][user][device]
        mine.pop("unsigned", None)
        signed = {user: {device: sign(mine, user, self.own)}}
        await self.call("POST", "/_matrix/client/v3/keys/signatures/upload", signed)


def sign(value, user, *signers):
    for account in signers:
        public = account.ed25519_key.to_base64()
        signature = account.sign(canonical(value)).to_base64()
        value.setdefault("signatures", {}).setdefault(user, {})[f"ed25519:{public}"] = signature
    return value


def room_path(room, rest):
    return f"/_matrix/client/v3/rooms/{quote(room, safe='')}/{rest}"
