"""A task as the scripted worker holds it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kombu.message import Message


@dataclass(frozen=True)
class Task:
    id: str
    name: str
    reply_to: str
    payload: dict
    message: Message

    @classmethod
    def of(cls, message: Message) -> Task:
        arguments, _, _ = json.loads(message.body)
        headers = message.headers
        return cls(headers["id"], headers["task"], message.properties["reply_to"], arguments[0], message)

    @property
    def described(self) -> dict[str, object]:
        """What the journal says of it."""
        names = ("scan", "project", "target", "phase", "attempt", "ip")
        return {"task": self.id, **{name: self.payload[name] for name in names}}
