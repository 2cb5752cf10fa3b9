/*
 * What Redis holds, and the scripts of Sources/Shared/ScanStore/Scripts, each in one step. A script of a leader whose
 * term is over is fenced: it writes nothing, and whoever called it steps down.
 */

mtype:target_state = { PENDING, CLAIMED, QUEUED, PARKED, FINISHING, DONE, FAILED, CANCELLED };
mtype:receipt_text = { NO_RECEIPT, UNCONFIRMED, CONFIRMED };

mtype:target_state state[TARGETS] = PENDING;
byte attempt[TARGETS];

/* The counters of the scan's hash; what is pending is the rest. */
byte in_flight, parked, done, failed, cancelled;

bool stop_requested;
bool stop_intent;
mtype:receipt_text receipt = NO_RECEIPT;

/* The tasks that a stop took away, as bits: `...:revoked`. */
byte revoked;

#define is_outcome(target) (state[target] == DONE || state[target] == FAILED || state[target] == CANCELLED)
#define is_current(task) (attempt[target_of(task)] == attempt_of(task))
#define is_with_broker(target) (state[target] == CLAIMED || state[target] == QUEUED)

/* For counting within a step; 0 between steps. */
byte flying, waiting, ended_done, ended_failed, ended_cancelled;

/* planned = pending + in_flight + parked + done + failed + cancelled, and each of them is what it says. */
inline check_accounts() {
    for (each : 0 .. TARGETS - 1) {
        if
        :: is_with_broker(each) || state[each] == FINISHING -> flying++
        :: state[each] == PARKED -> waiting++
        :: state[each] == DONE -> ended_done++
        :: state[each] == FAILED -> ended_failed++
        :: state[each] == CANCELLED -> ended_cancelled++
        :: state[each] == PENDING -> skip
        fi
    }
    invariant(accounts_add_up, in_flight == flying && parked == waiting && done == ended_done &&
        failed == ended_failed && cancelled == ended_cancelled);
    flying = 0; waiting = 0; ended_done = 0; ended_failed = 0; ended_cancelled = 0; each = 0
}

/* claim_tasks.lua grants a fresh target, or one that is parked. */
#define is_claimable(target) (state[target] == PENDING || state[target] == PARKED)
#define claims_are_open (!stop_requested || without(CLAIM_IGNORES_STOP))

inline claim(self, target) {
    check_write(self);
    if
    :: state[target] == PENDING -> attempt[target] = 1
    :: else -> parked--
    fi;
    in_flight++;
    state[target] = CLAIMED;
    check_accounts()
}

/* confirm_tasks.lua */
inline confirm(self, task) {
    check_write(self);
    if
    :: is_current(task) && state[target_of(task)] == CLAIMED -> state[target_of(task)] = QUEUED
    :: else
    fi
}

/* park_tasks.lua: another attempt follows, or the same one where its message was never sent. */
inline park(self, task, next) {
    check_write(self);
    if
    :: is_current(task) && is_with_broker(target_of(task)) ->
        state[target_of(task)] = PARKED;
        attempt[target_of(task)] = next;
        in_flight--;
        parked++
    :: else
    fi;
    check_accounts()
}

/* settle_targets.lua, for an attempt that was the last one and came to nothing. */
inline settle_failed(self, task) {
    check_write(self);
    if
    :: is_current(task) && (is_with_broker(target_of(task)) ||
            (without(LOST_BEATS_IMPORT) && state[target_of(task)] == FINISHING)) ->
        state[target_of(task)] = FAILED;
        in_flight--;
        failed++
    :: else
    fi;
    check_accounts()
}

/* settle_targets.lua, after an import. */
inline settle_done(self, task) {
    check_write(self);
    if
    :: (is_current(task) && !is_outcome(target_of(task)) && state[target_of(task)] != PARKED) ||
            without(NO_DEDUPLICATION) ->
        invariant(one_outcome_each, !is_outcome(target_of(task)));
        invariant(done_means_imported, shown[target_of(task)]);
        state[target_of(task)] = DONE;
        in_flight--;
        done++
    :: else
    fi;
    check_accounts()
}

/* mark_imports.lua; the answer is where the importer goes on. */
inline mark_import(self, task, answer) {
    check_write(self);
    if
    :: without(NO_DEDUPLICATION) ->
        answer = CLEARED_TO_IMPORT
    :: else ->
        if
        :: is_current(task) && is_with_broker(target_of(task)) ->
            state[target_of(task)] = FINISHING;
            answer = CLEARED_TO_IMPORT
        :: is_current(task) && state[target_of(task)] == FINISHING ->
            answer = (without(NO_READ_BACK) -> CLEARED_TO_IMPORT : UNCERTAIN)
        :: else ->
            answer = ANSWERED
        fi
    fi
}

/* stop_scan.lua: what has no result is given up; each task whose message may exist, of any attempt, is to be
   refused. */
inline stop_scan(self) {
    check_write(self);
    for (each : 0 .. TARGETS - 1) {
        if
        :: state[each] == PENDING ->
            state[each] = CANCELLED;
            cancelled++
        :: is_with_broker(each) || state[each] == PARKED ->
            if
            :: state[each] == PARKED -> parked--
            :: else -> in_flight--
            fi;
            if
            :: !without(EARLIER_ATTEMPTS_FORGOTTEN) ->
                revoked = revoked | bit_of(task_of(each, 1)) | bit_of(task_of(each, attempt[each]))
            :: without(EARLIER_ATTEMPTS_FORGOTTEN) && state[each] != PARKED ->
                revoked = revoked | bit_of(task_of(each, attempt[each]))
            :: else
            fi;
            state[each] = CANCELLED;
            cancelled++
        :: else
        fi
    }
    check_accounts()
}

/* write_receipt.lua and finish_intent.lua. */
inline write_receipt(self, text) {
    check_write(self);
    receipt = text;
    stop_intent = false
}
