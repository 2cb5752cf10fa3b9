/*
 * A worker runs one task at a time. It acknowledges a task as it starts it, refuses what it was told to refuse, and
 * asks on its start what that is (`hello`). A dead one is started again; a suspended one looks dead to everybody
 * else.
 */

mtype:worker_state = { DOWN, GREETED, IDLE, RESERVED, ORPHANED, RUNNING };

mtype:worker_state worker[WORKERS] = IDLE;
/* The task it holds, where it holds one. */
byte held[WORKERS];
bool suspended_worker[WORKERS];
/* Tasks that it refuses, as bits. */
byte refused[WORKERS];
/* A revocation waits in its control queue. Its answers come after what waits there. */
bool revocation_waits[WORKERS];

#define holds_task(w) (worker[w] == RESERVED || worker[w] == ORPHANED || worker[w] == RUNNING)
#define refuses(w, task) (refused[w] & bit_of(task))

inline put_down(w) {
    worker[w] = IDLE;
    held[w] = 0
}

proctype Worker(byte self) {
    byte task;

endless:
    do
    /* Starts, and takes nothing before a leader has said what to refuse. It listens before it asks. */
    :: atomic { worker[self] == DOWN && somebody_acts && !without(TOMBSTONE_FORGOTTEN) &&
            !without(HELLO_BEFORE_LISTENING) ->
        refused[self] = revoked;
        worker[self] = IDLE }
    :: atomic { worker[self] == DOWN && without(TOMBSTONE_FORGOTTEN) ->
        worker[self] = IDLE }
    :: atomic { worker[self] == DOWN && somebody_acts && without(HELLO_BEFORE_LISTENING) ->
        refused[self] = revoked;
        worker[self] = GREETED }
    :: atomic { worker[self] == GREETED -> worker[self] = IDLE }

    /* Takes a message. */
    :: atomic { worker[self] == IDLE && any_task(queued_messages) ->
        choose_task(task, queued_messages);
        queued_messages[task] = false;
        if
        :: refuses(self, task)
        :: else -> worker[self] = RESERVED; held[self] = task
        fi;
        task = 0 }

    /* Acknowledges it and starts nmap, unless it has heard meanwhile that it is to be refused. */
    :: atomic { (worker[self] == RESERVED || worker[self] == ORPHANED) && !suspended_worker[self] ->
        if
        :: refuses(self, held[self]) -> put_down(self)
        :: else ->
            invariant(no_start_after_receipt, receipt != CONFIRMED || state[target_of(held[self])] != CANCELLED);
            count_scan(target_of(held[self]));
            worker[self] = RUNNING
        fi }

    /* Returns the report; where the broker's confirmation is lost, again. */
    :: atomic { worker[self] == RUNNING && !suspended_worker[self] ->
        results[held[self]] = true;
        if
        :: put_down(self)
        :: !calm
        fi }

    /* Hears a revocation, with terminate. */
    :: atomic { revocation_waits[self] && !suspended_worker[self] ->
        revocation_waits[self] = false;
        refused[self] = refused[self] | revoked;
        if
        :: holds_task(self) && refuses(self, held[self]) -> put_down(self)
        :: else
        fi }

    /* Dies: the broker gives back what was not acknowledged. */
    :: atomic { !calm && worker[self] != DOWN ->
        if
        :: worker[self] == RESERVED -> queued_messages[held[self]] = true
        :: worker[self] == RUNNING -> excused[target_of(held[self])] = true
        :: else
        fi;
        put_down(self);
        worker[self] = DOWN;
        refused[self] = 0;
        revocation_waits[self] = false;
        suspended_worker[self] = false }

    /* Is suspended, and wakes. */
    :: atomic { !calm && holds_task(self) && !suspended_worker[self] -> suspended_worker[self] = true }
    :: atomic { suspended_worker[self] -> suspended_worker[self] = false }

    /* The broker gives a suspended worker's message to another; the worker still thinks that it has it. */
    :: atomic { suspended_worker[self] && worker[self] == RESERVED ->
        queued_messages[held[self]] = true;
        excused[target_of(held[self])] = true;
        worker[self] = ORPHANED }
    od
}
