/*
 * Tasker's promises as a model that spin explores to the end: docs/model.md says what stands for what.
 *
 * Two coordinators, one of which leads; Redis, whose scripts are atomic; RabbitMQ; workers; ScanLedger; one scan of
 * TARGETS targets in one phase, and at most one stop. Anything may crash or be suspended at any step, any number of
 * times, until the environment turns calm; then everything that is open must come to its end.
 *
 * scripts/model runs it, whole and with each defence taken away (-DMUTATION=NAME).
 */

#ifndef TARGETS
#define TARGETS 1
#endif
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 2
#endif
#define COORDINATORS 2
#define TASKS (TARGETS * ATTEMPTS)

/* A task is a target's attempt; its number stands for the id that Celery knows. */
#define task_of(target, attempt) ((target) * ATTEMPTS + (attempt) - 1)
#define target_of(task) ((task) / ATTEMPTS)
#define attempt_of(task) ((task) % ATTEMPTS + 1)
#define bit_of(task) (1 << (task))

/* Whether any target, or any place of an array by task, fits; and which of those it is to be. */
#if TARGETS == 1
#define any_target(fits) (fits(0))
#define choose_target(target, fits) target = 0
#else
#define any_target(fits) (fits(0) || fits(1))
#define choose_target(target, fits) if :: fits(0) -> target = 0 :: fits(1) -> target = 1 fi
#endif
#if TASKS == 2
#define any_task(array) (array[0] || array[1])
#define choose_task(task, array) if :: array[0] -> task = 0 :: array[1] -> task = 1 fi
#else
#define any_task(array) (array[0] || array[1] || array[2] || array[3])
#define choose_task(task, array) \
    if :: array[0] -> task = 0 :: array[1] -> task = 1 :: array[2] -> task = 2 :: array[3] -> task = 3 fi
#endif

#include "mutations.pml"

/* For loops within a step; 0 between steps. */
byte each;

/* No fault happens any more. */
bool calm;

#include "invariants.pml"
#include "leadership.pml"
#include "redis.pml"
#include "broker.pml"
#include "ledger.pml"
#include "worker.pml"
#include "coordinator.pml"

/* An API replica takes a stop (request_stop.lua), at any moment or never. */
active proctype Client() {
end_never:
    atomic { !calm -> stop_requested = true; stop_intent = true }
}

/* Runs with NEVER_CALM are smaller, and say nothing on whether everything comes to its end. */
#ifndef NEVER_CALM
active proctype Environment() {
    calm = true
}
#endif

#define is_at_its_end(target) (is_outcome(target) && (state[target] != DONE || shown[target]))

inline check_rest() {
    invariant(everything_comes_to_its_end, calm && !stop_intent && (!stop_requested || receipt != NO_RECEIPT));
    for (each : 0 .. TARGETS - 1) { invariant(everything_comes_to_its_end, is_at_its_end(each)) }
}

/* Nothing can move: no fault is left to happen, and nothing is left to do. */
active proctype Rest() {
    timeout -> check_rest()
}

/* The same where somebody goes on for ever: a loop that leads nowhere. */
#ifdef PROGRESS
#define is_over (is_at_its_end(0) && !stop_intent)
ltl everything_ends { [] (calm -> <> is_over) }
#endif

init {
    atomic {
#ifdef WATCH
        WATCH = true;
#endif
        for (each : 0 .. COORDINATORS - 1) { run Coordinator(each) }
        for (each : 0 .. WORKERS - 1) { run Worker(each) }
        each = 0
    }
}
