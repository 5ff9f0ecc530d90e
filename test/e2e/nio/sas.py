"""
Interactive verification by emoji, written from the specification: request, ready, start, accept, keys, the emoji, MACs, done. matrix-nio's own is not used: it
knows no requests, and its commitment and MACs are of a time before the specification was mended.
"""

import asyncio
import base64
import hashlib
import time
import uuid

import vodozemac
from nio import Api
from nio.crypto import Sas as Emoji
from nio.event_builders import ToDeviceMessage

PREFIX = "m.key.verification."
METHOD = "m.sas.v1"
AGREEMENT = "curve25519-hkdf-sha256"
MAC = "hkdf-hmac-sha256.v2"


class Ended(Exception):
    """The other side cancelled, or is not who it says."""


class Verification:
    """One device of somebody else, and us. `match` is what the emoji are said to be."""

    def __init__(self, person, user, match, seconds):
        self.person, self.client = person, person.client
        self.user, self.match, self.seconds = user, match, seconds
        self.device = self.transaction = None
        self.sas = vodozemac.Sas()
        self.public = self.sas.public_key.to_base64()
        self.events = []
        person.client.add_to_device_callback(self.note, None)

    async def note(self, event):
        if event.source.get("type", "").startswith(PREFIX) and event.sender == self.user:
            self.events.append(event.source)

    async def tell(self, kind, **content):
        content["transaction_id"] = self.transaction
        await self.client.to_device(ToDeviceMessage(PREFIX + kind, self.user, self.device, content))
        return content

    async def came(self, *kinds, seconds=None):
        deadline = time.monotonic() + (seconds or self.seconds)
        while time.monotonic() < deadline:
            for event in self.events:
                kind, content = event["type"].removeprefix(PREFIX), event["content"]
                if self.transaction and content.get("transaction_id") != self.transaction:
                    continue
                if kind == "cancel":
                    raise Ended(f"cancelled: {content.get('code')}")
                if kind in kinds:
                    return kind, content
            await asyncio.sleep(0.05)
        heard = [event["type"].removeprefix(PREFIX) for event in self.events]
        raise Ended(f"no {kinds} within {seconds or self.seconds} s; heard {heard}")

    async def ask(self, device):
        """We ask this device of theirs."""
        self.device, self.transaction = device, str(uuid.uuid4())
        now = int(time.time() * 1000)
        await self.tell("request", from_device=self.client.device_id, methods=[METHOD], timestamp=now)
        await self.came("ready")
        return await self.go_on(1)

    async def be_asked(self):
        """They ask."""
        _, request = await self.came("request")
        self.device, self.transaction = request["from_device"], request["transaction_id"]
        await self.tell("ready", from_device=self.client.device_id, methods=[METHOD])
        return await self.go_on(5)

    async def go_on(self, patience):
        """Either side may start; whoever asked does so first."""
        try:
            _, start = await self.came("start", seconds=patience)
        except Ended:
            if any(event["type"] == f"{PREFIX}cancel" for event in self.events):
                raise
            emoji = await self.start()
        else:
            emoji = await self.be_started(start)
        if not self.match:
            await self.tell("cancel", code="m.mismatched_sas", reason="the emoji are others")
            return {"emoji": emoji, "ended": "cancel"}
        await self.exchange_macs()
        return {"emoji": emoji, "ended": "done"}

    async def start(self):
        start = await self.tell(
            "start",
            from_device=self.client.device_id,
            method=METHOD,
            key_agreement_protocols=[AGREEMENT],
            hashes=["sha256"],
            message_authentication_codes=[MAC],
            short_authentication_string=["decimal", "emoji"],
        )
        _, accepted = await self.came("accept")
        await self.tell("key", key=self.public)
        _, key = await self.came("key")
        if accepted["commitment"] != commitment(key["key"], start):
            raise Ended("their key is not the one that they committed to")
        return self.agree(key["key"], (self.me(), self.public), (self.them(), key["key"]))

    async def be_started(self, start):
        await self.tell(
            "accept",
            method=METHOD,
            key_agreement_protocol=AGREEMENT,
            hash="sha256",
            message_authentication_code=MAC,
            short_authentication_string=["emoji"],
            commitment=commitment(self.public, start),
        )
        _, key = await self.came("key")
        await self.tell("key", key=self.public)
        return self.agree(key["key"], (self.them(), key["key"]), (self.me(), self.public))

    def me(self):
        return self.client.user_id, self.client.device_id

    def them(self):
        return self.user, self.device

    def agree(self, their_key, first, second):
        self.shared = self.sas.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(their_key))
        parts = ["|".join([*who, key]) for who, key in (first, second)]
        info = "|".join(["MATRIX_KEY_VERIFICATION_SAS", *parts, self.transaction])
        return [list(Emoji.emoji[index]) for index in self.shared.bytes(info).emoji_indices]

    def mac(self, text, sender, receiver, what):
        info = "MATRIX_KEY_VERIFICATION_MAC" + "".join([*sender, *receiver, self.transaction, what])
        return self.shared.calculate_mac(text, info)

    async def exchange_macs(self):
        """Both sides say which keys are theirs; theirs are compared with what the server gives."""
        mine = {f"ed25519:{self.client.device_id}": self.client.olm.account.identity_keys["ed25519"]}
        master = (await self.person.identity.look(self.client.user_id))["master"]
        if master:
            mine[f"ed25519:{master}"] = master
        macs = {name: self.mac(key, self.me(), self.them(), name) for name, key in mine.items()}
        await self.tell("mac", mac=macs, keys=self.mac(",".join(sorted(macs)), self.me(), self.them(), "KEY_IDS"))
        _, theirs = await self.came("mac")
        if theirs["keys"] != self.mac(",".join(sorted(theirs["mac"])), self.them(), self.me(), "KEY_IDS"):
            raise Ended("the list of their keys is not theirs")
        published = await self.person.identity.look(self.user)
        known = {f"ed25519:{one['device']}": one["ed25519"] for one in published["devices"]}
        if published["master"]:
            known[f"ed25519:{published['master']}"] = published["master"]
        if f"ed25519:{self.device}" not in theirs["mac"]:
            raise Ended("they do not vouch for their own device")
        for name, mac in theirs["mac"].items():
            if name not in known or mac != self.mac(known[name], self.them(), self.me(), name):
                raise Ended(f"their key {name} is not what the server says")
        await self.tell("done")
        await self.came("done")


def commitment(key, start):
    digest = hashlib.sha256((key + Api.to_canonical_json(start)).encode()).digest()
    return base64.b64encode(digest).decode().rstrip("=")
