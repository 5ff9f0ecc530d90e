"""One device of one person, by matrix-nio: what it sends is encrypted, what it hears is written down with where it came from."""

import asyncio
import hashlib
import os
import time

from identity import Identity, Refused, room_path
from nio import AsyncClient, AsyncClientConfig, Event, LoginResponse, MegolmEvent, RoomSendResponse, SyncResponse
from nio.crypto import decrypt_attachment

FILTER = {"room": {"timeline": {"limit": 1000}, "state": {"lazy_load_members": False}}, "presence": {"types": []}}


class Person:
    def __init__(self, homeserver, user, folder):
        os.makedirs(folder, exist_ok=True)
        config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True, request_timeout=60)
        self.client = AsyncClient(homeserver, user, store_path=folder, config=config)
        self.identity = Identity(self.client)
        self.password = None
        # Only devices that their owner vouches for are heard, and only they are told.
        self.strict = False
        self.rooms = {}
        self.requests = []
        self.withheld = set()
        # (session, message index) -> the events that used it: two are a ratchet that went back.
        self.indices = {}
        self.last_index = {}
        self.loop = None
        self.upkeep = asyncio.Lock()
        self.client.add_event_callback(self.heard, Event)

    async def login(self, password, device_name):
        answer = await self.client.login(password, device_name=device_name)
        if not isinstance(answer, LoginResponse):
            raise RuntimeError(f"no login: {answer}")
        self.password = password
        olm = self.client.olm
        plain_check = olm.message_index_ok
        plain_requests = olm._handle_key_requests

        def check(index, event):
            self.indices.setdefault((event.session_id, index), set()).add(event.event_id)
            self.last_index[event.event_id] = (event.session_id, index)
            return plain_check(index, event)

        def asked(event):
            self.requests.append({"sender": event.sender, "at": time.time() * 1000, **event.source["content"]})
            plain_requests(event)

        olm.message_index_ok = check
        olm._handle_key_requests = asked
        # `sas.py` answers instead.
        olm.handle_key_verification = lambda event: None
        await self.client.keys_upload()
        return {"userId": self.client.user_id, "token": self.client.access_token, "device": self.client.device_id}

    async def listen(self):
        if self.loop is None:
            await self.sync_once(0)
            self.loop = asyncio.create_task(self.sync_forever())

    async def deafen(self):
        if self.loop is not None:
            self.loop.cancel()
            await asyncio.gather(self.loop, return_exceptions=True)
            self.loop = None

    async def sync_once(self, timeout=0):
        answer = await self.client.sync(timeout, FILTER)
        if not isinstance(answer, SyncResponse):
            return False
        await self.keep_up()
        return True

    async def sync_forever(self):
        while True:
            try:
                if await self.sync_once(10_000):
                    continue
            except asyncio.CancelledError:
                raise
            except Exception as error:  # A homeserver that is down is no end.
                self.trouble = repr(error)
            await asyncio.sleep(0.2)

    async def keep_up(self):
        async with self.upkeep:
            client = self.client
            await client.send_to_device_messages()
            if client.should_upload_keys:
                await client.keys_upload()
            if client.should_query_keys:
                await client.keys_query()
            if client.should_claim_keys:
                await client.keys_claim(client.get_users_for_key_claiming())

    async def heard(self, room, event):
        if isinstance(event, MegolmEvent) or event.decrypted or event.source.get("type") == "m.room.message":
            row = {
                "eventId": event.event_id,
                "sender": event.sender,
                "at": event.server_timestamp,
                "heardAt": time.time() * 1000,
                "event": event,
            }
            await self.judge(room.room_id, row)
            self.rooms.setdefault(room.room_id, []).append(row)

    async def judge(self, room_id, row):
        """Whose device it came from and what that is worth; an event that cannot be read yet is tried again when it is asked for."""
        event = row["event"]
        unreadable = isinstance(event, MegolmEvent)
        row["undecryptable"] = unreadable
        row["encrypted"] = unreadable or bool(event.decrypted)
        row["type"] = "m.room.encrypted" if unreadable else event.source.get("type", "")
        row["content"] = {} if unreadable else event.source.get("content", {})
        session, index = self.last_index.get(event.event_id, (getattr(event, "session_id", None), None))
        row["sessionId"], row["index"] = session, index
        row["device"], row["crossSigned"] = None, False
        if row["encrypted"]:
            if event.sender == self.client.user_id and event.sender_key == self.client.olm.account.identity_keys["curve25519"]:
                row["device"], row["crossSigned"] = self.client.device_id, True
            else:
                device = await self.identity.sender(event.sender, event.sender_key)
                row["device"] = device["device"] if device else None
                row["crossSigned"] = bool(device and device["crossSigned"])
        row["dropped"] = self.strict and row["encrypted"] and not row["crossSigned"]
        if row["dropped"]:
            row["content"] = {}

    async def read(self, room_id):
        rows = self.rooms.get(room_id, [])
        for row in rows:
            if row["undecryptable"]:
                try:
                    row["event"] = self.client.decrypt_event(row["event"])
                except Exception:
                    continue
                await self.judge(room_id, row)
                row["late"] = True
        return [{k: v for k, v in row.items() if k != "event"} for row in rows]

    async def room(self, room_id, encrypted=True):
        """Waits until the room is known as it is said to be: what is to be encrypted never leaves in plain text."""
        for _ in range(300):
            room = self.client.rooms.get(room_id)
            if room and (room.encrypted or not encrypted):
                return room
            if self.loop is None:
                await self.sync_once()
            await asyncio.sleep(0.05)
        raise RuntimeError(f"{room_id} is not known as an encrypted room")

    async def send(self, room_id, content, event_type="m.room.message", encrypted=True, txn=None):
        room = await self.room(room_id, encrypted)
        if room.encrypted:
            async with self.upkeep:
                if not room.members_synced:
                    await self.client.joined_members(room_id)
                if self.client.should_query_keys:
                    await self.client.keys_query()
                await self.choose(room)
        for tries in range(5):
            sent = time.time() * 1000
            try:
                answer = await self.client.room_send(room_id, event_type, content, txn, ignore_unverified_devices=True)
                break
            except KeyError:
                # Somebody came or left while the key was given out: nio has dropped that session, nothing was sent.
                if tries == 4:
                    raise
        if not isinstance(answer, RoomSendResponse):
            raise RuntimeError(f"not sent: {answer}")
        return {"eventId": answer.event_id, "sentAt": sent, "answeredAt": time.time() * 1000}

    async def choose(self, room):
        """Which devices get the key."""
        for user in list(room.users):
            vouched = None
            if self.strict and user != self.client.user_id:
                vouched = {one["device"] for one in (await self.identity.look(user))["devices"] if one["crossSigned"]}
            for device in list(self.client.device_store.active_user_devices(user)):
                refused = (vouched is not None and device.id not in vouched) or user in self.withheld
                if refused and not device.blacklisted:
                    self.client.blacklist_device(device)
                elif not refused and device.blacklisted:
                    self.client.unblacklist_device(device)

    def reused(self):
        return [
            {"sessionId": session, "index": index, "events": sorted(events)}
            for (session, index), events in self.indices.items()
            if len(events) > 1
        ]

    async def file(self, room_id, event_id):
        """What an encrypted attachment holds, fetched and decrypted here."""
        row = next(row for row in self.rooms.get(room_id, []) if row["eventId"] == event_id)
        content = row["content"]
        server, media = content["file"]["url"].removeprefix("mxc://").split("/")
        headers = {"Authorization": f"Bearer {self.client.access_token}"}
        answer = await self.client.send("GET", f"/_matrix/client/v1/media/download/{server}/{media}", None, headers)
        if answer.status != 200:
            raise Refused(answer.status, await answer.text())
        stored = await answer.read()
        key = content["file"]
        plain = decrypt_attachment(stored, key["key"]["k"], key["hashes"]["sha256"], key["iv"])
        return {
            "stored": len(stored),
            "storedHead": stored[:8].hex(),
            "size": len(plain),
            "head": plain[:8].hex(),
            "sha256": hashlib.sha256(plain).hexdigest(),
        }

    async def joined(self, room_id):
        return await self.identity.call("GET", room_path(room_id, "joined_members"))

    async def close(self):
        await self.deafen()
        await self.client.close()
