"""The runs: the model as it is, which must hold, and the model without each of its defences, which must not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One search through the model's states."""

    name: str
    #: What is special about it, for people.
    about: str
    #: spin's definitions.
    definitions: dict[str, str | int | None]
    #: The invariant that must be violated; None where all must hold.
    refuted_by: str | None = None
    #: How pan keeps states: exactly, or as hashes of 64 bits, for runs too large for that.
    keeps_hashes: bool = False
    #: Searches for endless loops besides, with the formula in tasker.pml.
    searches_loops: bool = False
    #: Seconds after which it is ended without a result.
    time_limit: int = 300


_ONE = {"TARGETS": 1, "WORKERS": 1}
_TWO_WORKERS = {"TARGETS": 1, "WORKERS": 2}
_TWO_TARGETS = {"TARGETS": 2, "WORKERS": 1}

WHOLE = (
    Run("whole", "one target, one worker", _ONE),
    Run("progress", "one target, one worker: once calm, everything ends", {**_ONE, "PROGRESS": None},
        searches_loops=True),
)

#: Too large for each change: minutes to hours, and gigabytes.
THOROUGH = (
    Run("two workers, never calm", "one target, two workers, faults for ever", {**_TWO_WORKERS, "NEVER_CALM": None},
        keeps_hashes=True, time_limit=1800),
    Run("two workers", "one target, two workers", _TWO_WORKERS, keeps_hashes=True, time_limit=3600),
    Run("two targets", "two targets, one worker", _TWO_TARGETS, keeps_hashes=True, time_limit=7200),
)


def _without(mutation: str, invariant: str, about: str, **definitions: None) -> Run:
    watched = {**_ONE, "MUTATION": mutation, "WATCH": invariant, **definitions}
    return Run(mutation, about, watched, refuted_by=invariant)


MUTATIONS = (
    _without("NO_EPOCH_CHECK", "no_write_under_an_old_epoch", "scripts do not look at the epoch"),
    _without("NO_DEDUPLICATION", "one_outcome_each", "outcomes are written without compare-and-set"),
    _without("NO_DEDUPLICATION", "accounts_add_up", "the same, by its counters"),
    _without("NO_DEDUPLICATION", "imported_once", "the same, by its imports"),
    _without("ACK_BEFORE_UPLOAD", "everything_comes_to_its_end", "a result is acknowledged as it is taken"),
    _without("NO_READ_BACK", "imported_once", "an uncertain import is repeated at once"),
    _without("UNCERTAIN_IS_DONE", "done_means_imported", "an uncertain import is taken for done"),
    _without("LOST_BEATS_IMPORT", "failed_means_not_imported", "a lost task is failed while its result is imported"),
    _without("PUBLISH_BEFORE_CLAIM", "scanned_once_without_excuse", "a task is published before it is claimed"),
    _without("REPUBLISH_BLINDLY", "scanned_once_without_excuse", "a claim in doubt is published again unsought"),
    _without("CLAIM_IGNORES_STOP", "no_dispatch_after_receipt", "a claim does not look at the stop flag"),
    _without("NO_DRAIN", "no_dispatch_after_receipt", "a stop does not wait for the batch being published"),
    _without("TOMBSTONE_FORGOTTEN", "no_start_after_receipt", "a restarted worker knows of no stop"),
    _without("HELLO_BEFORE_LISTENING", "no_start_after_receipt", "a worker asks before it hears broadcasts"),
    _without("EARLIER_ATTEMPTS_FORGOTTEN", "no_start_after_receipt", "a stop revokes current attempts alone"),
    _without("REVOKE_NOT_CONFIRMED", "no_start_after_receipt", "a broadcast that the broker did not take counts"),
    _without("SILENCE_IS_CONSENT", "receipt_tells_the_truth", "a worker that is not heard holds nothing"),
    _without("SWEPT_IS_CONFIRMED", "receipt_tells_the_truth", "a task found in the queue is not asked for at workers"),
    _without("INTENT_DROPPED_EARLY", "everything_comes_to_its_end", "a stop leaves its stream before its receipt"),
)
