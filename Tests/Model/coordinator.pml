/*
 * A coordinator. Its duties (Dispatcher, LedgerImporter, Reconciler, StopHandler) run side by side, each with a place of
 * its own; they share one fate: a crash ends them all, a suspension holds them all.
 *
 * A standby takes over from a leader that is dead or suspended, for that one does not renew. A suspended leader wakes as an
 * ex-leader, and goes on where it was until a script fences it or it finds that its lease is over.
 */

mtype:dispatch_step = { CHOOSING, GRANTED, LOOKED, SENT, NOT_TAKEN };
mtype:import_step = { CONSUMING, RECEIVED, MARKED, CLEARED, UNCERTAIN, APPLIED, ANSWERED };
mtype:repair_step = { SEARCHING, FOUND, NEVER_SENT, LOST };
mtype:stop_step = { AWAITING, DRAINING, DRAINED, GIVEN_UP, REVOKED, SWEPT, ALL_CONFIRMED, SOME_UNCONFIRMED };

mtype:dispatch_step dispatch[COORDINATORS] = CHOOSING;
byte dispatched[COORDINATORS];

mtype:import_step importing[COORDINATORS] = CONSUMING;
byte result[COORDINATORS];
/* Whether its unacknowledged result is still its own: the broker gives a suspended leader's to another. */
bool owns_result[COORDINATORS];

mtype:repair_step repair[COORDINATORS] = SEARCHING;
byte missing[COORDINATORS];

mtype:stop_step stopping[COORDINATORS] = AWAITING;

/* Leaves a term: all that it knew is forgotten, and the broker gives back what it had not acknowledged. */
inline leave(self) {
    if
    :: owns_result[self] -> results[result[self]] = true
    :: else
    fi;
    owns_result[self] = false;
    term[self] = STANDING_BY;
    suspended[self] = false;
    dispatch[self] = CHOOSING; dispatched[self] = 0;
    importing[self] = CONSUMING; result[self] = 0;
    repair[self] = SEARCHING; missing[self] = 0;
    stopping[self] = AWAITING
}

/* No result of the target waits: not in the queue, and not at a coordinator, which has acknowledged it or will. */
#define has_result_at(self, target) (owns_result[self] && target_of(result[self]) == (target))
#define has_no_result(target) (!results[task_of(target, 1)] && !results[task_of(target, 2)] && \
    !has_result_at(0, target) && !has_result_at(1, target))

#define answers_with(w, task) (holds_task(w) && held[w] == (task) && !suspended_worker[w])
#define is_silent_with(w, task) (holds_task(w) && held[w] == (task) && suspended_worker[w])
#if WORKERS == 1
#define is_held(task) answers_with(0, task)
#define is_out_of_sight(task) is_silent_with(0, task)
#else
#define is_held(task) (answers_with(0, task) || answers_with(1, task))
#define is_out_of_sight(task) (is_silent_with(0, task) || is_silent_with(1, task))
#endif
#define is_somewhere(task) (queued_messages[task] || is_held(task))

/* A target of the leader's that is neither on its way to the broker nor has a result waiting, and whose task is not where
   Redis says. Looking twice, five seconds apart, is one look here. */
#define is_being_sent(target) (dispatch[self] != CHOOSING && target_of(dispatched[self]) == (target))
#define needs_repair(target) (is_with_broker(target) && !is_being_sent(target) && has_no_result(target) && \
    (state[target] == CLAIMED || !is_somewhere(task_of(target, attempt[target]))))

/* What a worker answers when it is asked what it holds: it does not while it is suspended or has not heard yet. */
#define has_answered(w) (worker[w] == DOWN || worker[w] == GREETED || \
    (suspended_worker[w] -> without(SILENCE_IS_CONSENT) : !revocation_waits[w]))
#define has_revoked(w) (holds_task(w) && !suspended_worker[w] && (revoked & bit_of(held[w])))
#define runs_cancelled(w) (worker[w] == RUNNING && state[target_of(held[w])] == CANCELLED)
#if WORKERS == 1
#define all_have_answered has_answered(0)
#define one_has_revoked has_revoked(0)
#define one_runs_cancelled runs_cancelled(0)
#else
#define all_have_answered (has_answered(0) && has_answered(1))
#define one_has_revoked (has_revoked(0) || has_revoked(1))
#define one_runs_cancelled (runs_cancelled(0) || runs_cancelled(1))
#endif

/* The broker takes a broadcast for all queues that are bound at that moment, or for none. */
inline broadcast_revocation() {
    for (each : 0 .. WORKERS - 1) {
        revocation_waits[each] = (worker[each] != DOWN && worker[each] != GREETED)
    }
    each = 0
}

/* Takes out of the queue what is ready there; what somebody holds unacknowledged is not. */
inline sweep() {
    for (each : 0 .. TASKS - 1) {
        if
        :: revoked & bit_of(each) -> queued_messages[each] = false
        :: else
        fi
    }
    each = 0
}

proctype Coordinator(byte self) {
    byte target;

endless:
    do
    /* Leadership: LeaderElection, acquire_lock.lua. */
    :: atomic { term[self] == STANDING_BY && !somebody_acts ->
        if
        :: term[1 - self] == LEADING -> term[1 - self] = OVER
        :: else
        fi;
        term[self] = LEADING }
    /* Any script of an ex-leader, its renewal for one, is fenced. */
    :: atomic { term[self] == OVER && !suspended[self] -> leave(self) }
    :: atomic { !calm && term[self] != STANDING_BY -> leave(self) }
    :: atomic { !calm && is_up(self) -> suspended[self] = true }
    :: atomic { suspended[self] -> suspended[self] = false }
    :: atomic { suspended[self] && owns_result[self] -> owns_result[self] = false; results[result[self]] = true }

    /* Dispatcher: claim, look, publish, confirm. */
    :: atomic { is_up(self) && dispatch[self] == CHOOSING && may_write(self) && claims_are_open &&
            any_target(is_claimable) && !without(PUBLISH_BEFORE_CLAIM) ->
        choose_target(target, is_claimable);
        claim(self, target);
        dispatched[self] = task_of(target, attempt[target]);
        dispatch[self] = GRANTED;
        target = 0 }
    :: atomic { is_up(self) && dispatch[self] == CHOOSING && any_target(is_claimable) && without(PUBLISH_BEFORE_CLAIM) ->
        choose_target(target, is_claimable);
        dispatched[self] = task_of(target, (state[target] == PENDING -> 1 : attempt[target]));
        dispatch[self] = GRANTED;
        target = 0 }
    :: atomic { is_up(self) && may_write(self) && dispatch[self] == SENT && without(PUBLISH_BEFORE_CLAIM) ->
        if
        :: claims_are_open && is_claimable(target_of(dispatched[self])) ->
            claim(self, target_of(dispatched[self]));
            confirm(self, dispatched[self])
        :: else
        fi;
        dispatch[self] = CHOOSING; dispatched[self] = 0 }
    :: atomic { acts(self) && dispatch[self] == GRANTED -> dispatch[self] = LOOKED }
    :: atomic { is_up(self) && dispatch[self] == LOOKED ->
        if
        :: term[self] == LEADING ->
            invariant(no_dispatch_after_receipt, receipt == NO_RECEIPT || state[target_of(dispatched[self])] != CANCELLED)
        :: else -> excused[target_of(dispatched[self])] = true
        fi;
        if
        :: queued_messages[dispatched[self]] = true; dispatch[self] = SENT
        :: !calm -> queued_messages[dispatched[self]] = true; dispatch[self] = CHOOSING; dispatched[self] = 0
        :: !calm -> dispatch[self] = CHOOSING; dispatched[self] = 0
        :: !calm -> dispatch[self] = NOT_TAKEN
        fi }
    :: atomic { is_up(self) && may_write(self) && dispatch[self] == SENT && !without(PUBLISH_BEFORE_CLAIM) ->
        confirm(self, dispatched[self]);
        dispatch[self] = CHOOSING; dispatched[self] = 0 }
    :: atomic { is_up(self) && may_write(self) && dispatch[self] == NOT_TAKEN ->
        park(self, dispatched[self], attempt_of(dispatched[self]));
        dispatch[self] = CHOOSING; dispatched[self] = 0 }

    /* LedgerImporter: take a result, mark, look, import, settle, acknowledge; read back where an import is uncertain. */
    :: atomic { acts(self) && importing[self] == CONSUMING && any_task(results) ->
        choose_task(result[self], results);
        results[result[self]] = false;
        owns_result[self] = true;
        importing[self] = RECEIVED }
    :: atomic { is_up(self) && may_write(self) && importing[self] == RECEIVED ->
        mark_import(self, result[self], importing[self]);
        if
        :: without(ACK_BEFORE_UPLOAD) -> owns_result[self] = false
        :: else
        fi }
    :: atomic { acts(self) && importing[self] == MARKED -> importing[self] = CLEARED }
    :: atomic { is_up(self) && importing[self] == CLEARED ->
        if
        :: import_finding(self, target_of(result[self])); importing[self] = APPLIED
        :: !calm -> import_finding(self, target_of(result[self])); importing[self] = (without(NO_READ_BACK) -> MARKED : UNCERTAIN)
        :: !calm -> importing[self] = (without(NO_READ_BACK) -> MARKED : UNCERTAIN)
        fi }
    :: atomic { is_up(self) && importing[self] == UNCERTAIN ->
        importing[self] = (shown[target_of(result[self])] -> APPLIED : MARKED) }
    :: atomic { is_up(self) && may_write(self) && importing[self] == APPLIED ->
        settle_done(self, result[self]);
        importing[self] = ANSWERED }
    :: atomic { is_up(self) && importing[self] == ANSWERED ->
        owns_result[self] = false; result[self] = 0;
        importing[self] = CONSUMING }

    /* Reconciler: a task that is found nowhere is sent again, or retried, or failed. */
    :: atomic { acts(self) && repair[self] == SEARCHING && any_target(needs_repair) ->
        choose_target(target, needs_repair);
        missing[self] = task_of(target, attempt[target]);
        if
        :: is_somewhere(missing[self]) && !without(REPUBLISH_BLINDLY) -> repair[self] = FOUND
        :: else ->
            repair[self] = (state[target] == CLAIMED -> NEVER_SENT : LOST);
            if
            :: is_out_of_sight(missing[self]) -> excused[target] = true
            :: else
            fi
        fi;
        target = 0 }
    :: atomic { is_up(self) && may_write(self) && repair[self] != SEARCHING ->
        if
        :: repair[self] == FOUND -> confirm(self, missing[self])
        :: repair[self] == NEVER_SENT -> park(self, missing[self], attempt_of(missing[self]))
        :: repair[self] == LOST && attempt_of(missing[self]) < ATTEMPTS ->
            park(self, missing[self], attempt_of(missing[self]) + 1)
        :: repair[self] == LOST && attempt_of(missing[self]) == ATTEMPTS -> settle_failed(self, missing[self])
        fi;
        repair[self] = SEARCHING; missing[self] = 0 }

    /* StopHandler: drain, give up, revoke, sweep, ask, answer. Each try may end without an answer. */
    :: atomic { acts(self) && stopping[self] == AWAITING && stop_intent -> stopping[self] = DRAINING;
        if
        :: without(INTENT_DROPPED_EARLY) -> stop_intent = false
        :: else
        fi }
    :: atomic { is_up(self) && stopping[self] == DRAINING && dispatch[self] == CHOOSING -> stopping[self] = DRAINED }
    :: atomic { is_up(self) && may_write(self) && stopping[self] == DRAINED ->
        stop_scan(self);
        stopping[self] = (revoked -> GIVEN_UP : ALL_CONFIRMED) }
    :: atomic { is_up(self) && stopping[self] == GIVEN_UP ->
        if
        :: broadcast_revocation(); stopping[self] = REVOKED
        :: !calm -> stopping[self] = (without(REVOKE_NOT_CONFIRMED) -> REVOKED : GIVEN_UP)
        fi }
    :: atomic { is_up(self) && stopping[self] == REVOKED ->
        sweep();
        stopping[self] = SWEPT }
    :: atomic { is_up(self) && stopping[self] == SWEPT && all_have_answered ->
        stopping[self] = (one_has_revoked -> GIVEN_UP : ALL_CONFIRMED) }
    :: atomic { is_up(self) && (stopping[self] == GIVEN_UP || stopping[self] == SWEPT) ->
        stopping[self] = SOME_UNCONFIRMED }
    :: atomic { is_up(self) && may_write(self) && stopping[self] == ALL_CONFIRMED ->
        invariant(receipt_tells_the_truth, !one_runs_cancelled);
        write_receipt(self, CONFIRMED);
        stopping[self] = AWAITING }
    :: atomic { is_up(self) && may_write(self) && stopping[self] == SOME_UNCONFIRMED ->
        write_receipt(self, UNCONFIRMED);
        stopping[self] = AWAITING }
    od
}
