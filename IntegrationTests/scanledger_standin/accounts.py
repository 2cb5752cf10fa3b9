"""Who may call the stand-in, and which projects there are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

PROJECT_A = UUID("aaaaaaaa-0000-4000-8000-000000000001")
PROJECT_B = UUID("bbbbbbbb-0000-4000-8000-000000000002")

DEFAULTS = {
    "projects": [{"id": str(PROJECT_A), "name": "demo-a"}, {"id": str(PROJECT_B), "name": "demo-b"}],
    "users": [
        {"name": "alice", "token": "alice-token", "projects": [str(PROJECT_A)]},
        {"name": "bob", "token": "bob-token", "projects": [str(PROJECT_B)]},
        {"name": "tasker", "token": "tasker-token", "admin": True},
    ],
}


@dataclass(frozen=True)
class User:
    """A caller. An admin sees every project."""

    name: str
    is_admin: bool
    projects: frozenset[UUID]

    def may_see(self, project: UUID) -> bool:
        return self.is_admin or project in self.projects


class Accounts:
    """The users by token, and the projects by id."""

    def __init__(self, definition: dict) -> None:
        self._users = {
            user["token"]: User(
                name=user["name"],
                is_admin=user.get("admin", False),
                projects=frozenset(UUID(project) for project in user.get("projects", [])),
            )
            for user in definition["users"]
        }
        self._projects = {UUID(project["id"]): project for project in definition["projects"]}

    @classmethod
    def load(cls, source: str) -> Accounts:
        """Reads a JSON file shaped like `DEFAULTS`, or takes those when `source` is `defaults`."""
        return cls(DEFAULTS if source == "defaults" else json.loads(Path(source).read_text()))

    def user(self, authorization: str | None) -> User | None:
        """The user that an `Authorization` header belongs to."""
        scheme, _, token = (authorization or "").partition(" ")
        return self._users.get(token.strip()) if scheme.lower() == "bearer" else None

    def project(self, project: UUID) -> dict | None:
        """A project as ScanLedger describes it, None if there is no such project."""
        known = self._projects.get(project)
        if known is None:
            return None
        return {
            "project_name": known["name"],
            "comment": known.get("comment"),
            "id": str(project),
            "users": [user.name for user in self._users.values() if user.may_see(project)],
        }

    def projects_of(self, user: User) -> list[dict]:
        return [self.project(project) for project in self._projects if user.may_see(project)]
