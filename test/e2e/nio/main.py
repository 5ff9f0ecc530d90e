"""
A second, independent Matrix client for tests, moved by JSON lines: `{"id", "do", "as", …}` on stdin, `{"id", "ok"}` or `{"id", "error"}` on stdout.
Many people and devices in one process; calls of one line do not wait for those of another. Ends with stdin.
"""

import asyncio
import json
import logging
import sys
import traceback

from person import Person
from sas import Verification

logging.disable(logging.CRITICAL)


class People:
    def __init__(self, homeserver, folder):
        self.homeserver = homeserver
        self.folder = folder
        self.people = {}

    def person(self, line):
        return self.people[line["as"]]

    async def login(self, line):
        name = line["as"]
        person = self.people[name] = Person(self.homeserver, line["user"], f"{self.folder}/{name}")
        logged_in = await person.login(line["password"], name)
        if line.get("crossSign"):
            await person.identity.cross_sign(line["password"])
        person.strict = bool(line.get("strict"))
        if line.get("listen", True):
            await person.listen()
        return logged_in

    async def sign(self, line):
        await self.person(line).identity.sign_device(line["device"])

    async def listen(self, line):
        await self.person(line).listen()

    async def deafen(self, line):
        await self.person(line).deafen()

    async def sync(self, line):
        return await self.person(line).sync_once()

    async def send(self, line):
        return await self.person(line).send(
            line["room"], line["content"], line.get("type", "m.room.message"), line.get("encrypted", True), line.get("txn")
        )

    async def read(self, line):
        return await self.person(line).read(line["room"])

    async def counts(self, line):
        """Of many rooms: how often each text begins a message of this sender that is no edit, and what was wrong."""
        person, told = self.person(line), {}
        for room in line["rooms"]:
            for row in await person.read(room):
                if row["sender"] != line["sender"]:
                    continue
                of_room = told.setdefault(room, {"bodies": [], "events": 0, "undecryptable": 0, "plain": 0, "dropped": 0, "late": 0})
                of_room["events"] += 1
                of_room["undecryptable"] += row["undecryptable"]
                of_room["plain"] += not row["encrypted"]
                of_room["dropped"] += row["dropped"]
                of_room["late"] += row.get("late", False)
                relation = row["content"].get("m.relates_to") or {}
                if relation.get("rel_type") != "m.replace":
                    of_room["bodies"].append({"body": str(row["content"].get("body", "")), "heardAt": row["heardAt"]})
        return told

    async def reached(self, line):
        """In how many of these rooms somebody has said something that holds this text."""
        rooms = self.person(line).rooms
        return sum(
            any(line["text"] in str(row["content"].get("body", "")) for row in reversed(rooms.get(room, [])))
            for room in line["rooms"]
        )

    async def devices(self, line):
        return await self.person(line).identity.look(line["user"])

    async def reused(self, line):
        person = self.person(line)
        return {"reused": person.reused(), "messages": len(person.indices)}

    async def withhold(self, line):
        """Keys of what is sent from now on are not given to this person."""
        person = self.person(line)
        (person.withheld.add if line["on"] else person.withheld.discard)(line["user"])

    async def requests(self, line):
        return self.person(line).requests

    async def file(self, line):
        return await self.person(line).file(line["room"], line["event"])

    async def verify(self, line):
        """Interactive verification: of this device of theirs, or, without one, as the other side asks for it."""
        ours = Verification(self.person(line), line["user"], line.get("match", True), line.get("seconds", 60))
        return await (ours.ask(line["device"]) if "device" in line else ours.be_asked())

    async def close(self, line):
        await self.people.pop(line["as"]).close()

    DOORS = ("login", "sign", "listen", "deafen", "sync", "send", "read", "counts", "reached", "devices", "reused", "withhold", "requests", "file", "verify", "close")

    async def answer(self, text):
        line = json.loads(text)
        try:
            if line["do"] not in self.DOORS:
                raise ValueError(f"no such thing to do: {line['do']}")
            out = {"id": line["id"], "ok": await getattr(self, line["do"])(line)}
        except Exception as error:
            out = {"id": line["id"], "error": f"{error!r}\n{''.join(traceback.format_exc()[-1500:])}"}
        sys.stdout.write(json.dumps(out) + "\n")
        sys.stdout.flush()


async def main():
    people = People(sys.argv[1], sys.argv[2])
    reader = asyncio.StreamReader(limit=1 << 26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    under_way = set()
    while text := await reader.readline():
        task = asyncio.create_task(people.answer(text))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*(person.close() for person in people.people.values()), return_exceptions=True)


asyncio.run(main())
