"""Judges searches, and shows the verdicts to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from text_table import aligned

from .runs import Run
from .spin import Search

_HEADER = ("RUN", "MUST FIND", "FOUND", "STATES", "SECONDS", "MB", "OK")
_IS_NUMBER = (False, False, False, True, True, True, False)


@dataclass(frozen=True)
class Verdict:
    """A run and what became of it."""

    run: Run
    search: Search

    @property
    def failure(self) -> str | None:
        """Why the run is not as it must be; None where it is."""
        run, found = self.run, self.search.violation
        if run.refuted_by is None:
            if found is not None:
                return f"{run.name}: {found} is violated"
            return None if self.search.is_complete else f"{run.name}: not all states were visited"
        if found is None:
            return f"mutation {run.name} was not refuted: {run.refuted_by} holds without it"
        return None if found == run.refuted_by else f"mutation {run.name} was refuted by {found}, not {run.refuted_by}"


def table(verdicts: Iterable[Verdict]) -> str:
    """One line for each run, under a header."""
    return aligned([_HEADER, *(_row(verdict) for verdict in verdicts)], _IS_NUMBER)


def document(verdicts: Iterable[Verdict]) -> str:
    """A JSON list with one object for each run."""
    return json.dumps([_fields(verdict) for verdict in verdicts], indent=1) + "\n"


def _row(verdict: Verdict) -> tuple[str, ...]:
    search = verdict.search
    return (
        verdict.run.name, verdict.run.refuted_by or "nothing", search.violation or "nothing", f"{search.states:,}",
        f"{search.seconds:.1f}", f"{search.megabytes:,.0f}", "yes" if verdict.failure is None else "NO",
    )


def _fields(verdict: Verdict) -> dict[str, object]:
    search = verdict.search
    return {
        "run": verdict.run.name,
        "about": verdict.run.about,
        "must_find": verdict.run.refuted_by,
        "found": search.violation,
        "complete": search.is_complete,
        "states": search.states,
        "seconds": round(search.seconds, 1),
        "megabytes": round(search.megabytes),
        "ok": verdict.failure is None,
    }
