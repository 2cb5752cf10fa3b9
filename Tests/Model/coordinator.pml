/*
 * A coordinator. Its duties (Dispatcher, LedgerImporter, Reconciler, StopHandler) run side by side, each with a place
 * of its own; they share one fate: a crash ends them all, a suspension holds them all.
 *
 * A standby takes over from a leader that is dead or suspended, for that one does not renew. A suspended leader wakes
 * as an ex-leader, and goes on where it was until a script fences it or it finds that its lease is over.
 *
 * Steps between which a crash, a suspension or another duty makes no difference are one step: above all, the last
 * look before a message leaves is one with the script before it, since a suspension before the look ends like a
 * crash.
 */

mtype:dispatch_step = { CHOOSING, CLEARED_TO_SEND };
mtype:import_step = { CONSUMING, CLEARED_TO_IMPORT, UNCERTAIN, APPLIED, ANSWERED };
mtype:repair_step = { SEARCHING, LOST };
mtype:stop_step = { AWAITING, DRAINED, GIVEN_UP, SWEPT, ALL_CONFIRMED };

mtype:dispatch_step dispatch[COORDINATORS] = CHOOSING;
byte dispatched[COORDINATORS];

mtype:import_step importing[COORDINATORS] = CONSUMING;
byte result[COORDINATORS];
/* Whether its unacknowledged result is still its own: the broker gives a suspended leader's to another. */
bool owns_result[COORDINATORS];

mtype:repair_step repair[COORDINATORS] = SEARCHING;
byte missing[COORDINATORS];

mtype:stop_step stopping[COORDINATORS] = AWAITING;

/* Redis fences an ex-leader's scripts; RabbitMQ and ScanLedger cannot. Only what is about to leave for those two
   outlives a term, so only then is a suspension more than a crash. */
#define may_act_late(self) (dispatch[self] == CLEARED_TO_SEND || importing[self] == CLEARED_TO_IMPORT || \
    without(NO_EPOCH_CHECK))

inline give_back_result(self) {
    if
    :: owns_result[self] -> results[result[self]] = true; owns_result[self] = false
    :: else
    fi
}

inline forget_what_is_fenced(self) {
    give_back_result(self);
    if
    :: !without(NO_EPOCH_CHECK) ->
        repair[self] = SEARCHING; missing[self] = 0;
        stopping[self] = AWAITING;
        if
        :: importing[self] != CLEARED_TO_IMPORT -> importing[self] = CONSUMING; result[self] = 0
        :: else
        fi
    :: else
    fi
}

/* Leaves a term: all that it knew is forgotten, and the broker gives back what it had not acknowledged. */
inline leave(self) {
    give_back_result(self);
    term[self] = STANDING_BY;
    suspended[self] = false;
    dispatch[self] = CHOOSING; dispatched[self] = 0;
    importing[self] = CONSUMING; result[self] = 0;
    repair[self] = SEARCHING; missing[self] = 0;
    stopping[self] = AWAITING
}

/* No result of the target waits: not in the queue, and not at a coordinator, which has acknowledged it or will. */
#define has_result_at(self, target) (owns_result[self] && target_of(result[self]) == (target))
#define has_no_result(target) (!results[task_of(target, 1)] && !results[task_of(target, ATTEMPTS)] && \
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

/* A target of the leader's that is neither on its way to the broker nor has a result waiting, and whose task is
   not where Redis says. Looking twice, a second apart, is one look here. */
#define is_being_sent(target) (dispatch[self] != CHOOSING && target_of(dispatched[self]) == (target))
#define is_quiet(target) (is_with_broker(target) && !is_being_sent(target) && has_no_result(target))
#define is_claim_in_doubt(target) (is_quiet(target) && state[target] == CLAIMED)
#define is_missing(target) \
    (is_quiet(target) && state[target] == QUEUED && !is_somewhere(task_of(target, attempt[target])))

/* A worker that fell silent may still scan. */
inline excuse_if_silent(target) {
    excused[target] = excused[target] || is_out_of_sight(task_of(target, attempt[target]))
}

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

#define when_uncertain \
    (without(NO_READ_BACK) -> CLEARED_TO_IMPORT : (without(UNCERTAIN_IS_DONE) -> APPLIED : UNCERTAIN))
#if TASKS == 2
#define all_revoked_are_queued ((revoked & ~(queued_messages[0] | queued_messages[1] << 1)) == 0)
#else
#define all_revoked_are_queued ((revoked & ~(queued_messages[0] | queued_messages[1] << 1 | queued_messages[2] << 2 | \
    queued_messages[3] << 3)) == 0)
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
    byte other = 1 - self;
    byte target;

endless:
    do
    /* Leadership: LeaderElection, acquire_lock.lua. */
    :: atomic { term[self] == STANDING_BY && !somebody_acts ->
        if
        :: term[other] == LEADING -> term[other] = OVER; forget_what_is_fenced(other)
        :: else
        fi;
        term[self] = LEADING }
    /* Any script of an ex-leader, its renewal for one, is fenced. */
    :: atomic { term[self] == OVER && !suspended[self] -> leave(self) }
    :: atomic { !calm && term[self] != STANDING_BY -> leave(self) }
    :: atomic { !calm && is_up(self) && may_act_late(self) -> suspended[self] = true }
    :: atomic { suspended[self] -> suspended[self] = false }
    :: atomic { suspended[self] && owns_result[self] -> give_back_result(self) }

    /* Dispatcher: claims, ... */
    :: atomic { is_up(self) && may_write(self) && dispatch[self] == CHOOSING && claims_are_open &&
            any_target(is_claimable) && !without(PUBLISH_BEFORE_CLAIM) ->
        choose_target(target, is_claimable);
        claim(self, target);
        dispatched[self] = task_of(target, attempt[target]);
        dispatch[self] = CLEARED_TO_SEND;
        target = 0 }
    :: atomic { is_up(self) && dispatch[self] == CHOOSING && any_target(is_claimable) &&
            without(PUBLISH_BEFORE_CLAIM) ->
        choose_target(target, is_claimable);
        dispatched[self] = task_of(target, (state[target] == PENDING -> 1 : attempt[target]));
        dispatch[self] = CLEARED_TO_SEND;
        target = 0 }
    /* ... publishes, and says so; or the broker does not answer, and may have the message or not; or it takes
       nothing. */
    :: atomic { is_up(self) && dispatch[self] == CLEARED_TO_SEND ->
        if
        :: term[self] == LEADING ->
            invariant(no_dispatch_after_receipt,
                receipt == NO_RECEIPT || state[target_of(dispatched[self])] != CANCELLED)
        :: else -> excused[target_of(dispatched[self])] = true
        fi;
        if
        :: queued_messages[dispatched[self]] = true;
            if
            :: may_write(self) && without(PUBLISH_BEFORE_CLAIM) && claims_are_open &&
                    is_claimable(target_of(dispatched[self])) ->
                claim(self, target_of(dispatched[self]))
            :: else
            fi;
            if
            :: may_write(self) -> confirm(self, dispatched[self])
            :: else
            fi
        :: !calm -> queued_messages[dispatched[self]] = true
        :: !calm
        :: !calm && may_write(self) -> park(self, dispatched[self], attempt_of(dispatched[self]))
        fi;
        dispatch[self] = CHOOSING; dispatched[self] = 0 }

    /* LedgerImporter: takes a result and marks its target, ... */
    :: atomic { is_up(self) && may_write(self) && importing[self] == CONSUMING && any_task(results) ->
        choose_task(result[self], results);
        results[result[self]] = false;
        owns_result[self] = !without(ACK_BEFORE_UPLOAD);
        mark_import(self, result[self], importing[self]) }
    /* ... imports: it is applied, or was and the answer is lost, or may have been and was not, ... */
    :: atomic { is_up(self) && importing[self] == CLEARED_TO_IMPORT ->
        if
        :: import_finding(self, target_of(result[self])); importing[self] = APPLIED
        :: !calm -> import_finding(self, target_of(result[self])); importing[self] = when_uncertain
        :: !calm -> importing[self] = when_uncertain
        fi }
    /* ... reads back, for as long as it leads, ... */
    :: atomic { acts(self) && importing[self] == UNCERTAIN ->
        importing[self] = (shown[target_of(result[self])] -> APPLIED : CLEARED_TO_IMPORT) }
    /* ... settles, ... */
    :: atomic { is_up(self) && may_write(self) && importing[self] == APPLIED ->
        settle_done(self, result[self]);
        importing[self] = ANSWERED }
    /* ... and acknowledges. */
    :: atomic { is_up(self) && importing[self] == ANSWERED ->
        owns_result[self] = false; result[self] = 0;
        importing[self] = CONSUMING }

    /* Reconciler: a claim whose message is found is confirmed, one that is found nowhere is sent again; ... */
    :: atomic { acts(self) && any_target(is_claim_in_doubt) ->
        choose_target(target, is_claim_in_doubt);
        if
        :: is_somewhere(task_of(target, attempt[target])) && !without(REPUBLISH_BLINDLY) ->
            confirm(self, task_of(target, attempt[target]))
        :: else ->
            excuse_if_silent(target);
            park(self, task_of(target, attempt[target]), attempt[target])
        fi;
        target = 0 }
    /* ... a task that is found nowhere ... */
    :: atomic { acts(self) && repair[self] == SEARCHING && any_target(is_missing) ->
        choose_target(target, is_missing);
        excuse_if_silent(target);
        missing[self] = task_of(target, attempt[target]);
        repair[self] = LOST;
        target = 0 }
    /* ... is retried or failed. */
    :: atomic { is_up(self) && may_write(self) && repair[self] == LOST ->
        if
        :: attempt_of(missing[self]) < ATTEMPTS -> park(self, missing[self], attempt_of(missing[self]) + 1)
        :: else -> settle_failed(self, missing[self])
        fi;
        repair[self] = SEARCHING; missing[self] = 0 }

    /* StopHandler: drains, ... */
    :: atomic { acts(self) && stopping[self] == AWAITING && stop_intent &&
            (dispatch[self] == CHOOSING || without(NO_DRAIN)) ->
        stop_intent = !without(INTENT_DROPPED_EARLY);
        stopping[self] = DRAINED }
    /* ... gives up, ... */
    :: atomic { is_up(self) && may_write(self) && stopping[self] == DRAINED ->
        stop_scan(self);
        stopping[self] = (revoked -> GIVEN_UP : ALL_CONFIRMED) }
    /* ... revokes and sweeps the queue; where the broker did not take the broadcast, again, ... */
    :: atomic { is_up(self) && stopping[self] == GIVEN_UP ->
        if
        :: broadcast_revocation(); stopping[self] = SWEPT
        :: !calm && without(REVOKE_NOT_CONFIRMED) -> stopping[self] = SWEPT
        fi;
        if
        :: without(SWEPT_IS_CONFIRMED) && all_revoked_are_queued -> stopping[self] = ALL_CONFIRMED
        :: else
        fi;
        sweep() }
    /* ... asks the workers, again until none holds one, ... */
    :: atomic { is_up(self) && stopping[self] == SWEPT && all_have_answered ->
        stopping[self] = (one_has_revoked -> GIVEN_UP : ALL_CONFIRMED) }
    /* ... and answers; also when the time is up. */
    :: atomic { is_up(self) && may_write(self) && stopping[self] == ALL_CONFIRMED ->
        invariant(receipt_tells_the_truth, !one_runs_cancelled);
        write_receipt(self, CONFIRMED);
        stopping[self] = AWAITING }
    :: atomic { is_up(self) && may_write(self) && (stopping[self] == GIVEN_UP || stopping[self] == SWEPT) ->
        write_receipt(self, UNCONFIRMED);
        stopping[self] = AWAITING }
    od
}
