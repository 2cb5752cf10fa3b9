"""Keeps scans going while things break."""

from __future__ import annotations

from .user import User


class Traffic:
    """Sees to it that a user has targets waiting. Scans are of mixed kinds: one phase or two."""

    def __init__(self, user: User, size: int = 150, services: bool = True) -> None:
        self._user = user
        self._size = size
        self._services = services
        self._scans = 0
        self._current: str | None = None

    def keep_up(self, pending: int = 60) -> str:
        """Submits another scan when the current one runs low; answers the current one."""
        if self._current is None or self._user.scan(self._current)["pending"] < pending:
            self._scans += 1
            self._current = self._user.submit(
                self._size, include_services=self._services and self._scans % 2 == 0)
        return self._current
