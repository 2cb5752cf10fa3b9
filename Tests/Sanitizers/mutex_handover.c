// Tells ThreadSanitizer how a contended `Synchronization.Mutex` is handed over. Preloaded into the program it watches.
//
// Locking and unlocking without contention is compiled into the caller, where ThreadSanitizer sees the atomic
// operation. With contention the kernel hands the mutex over, on behalf of libswiftSynchronization, which is not
// instrumented. What one thread did before it unlocked and another does after it locked then looks like a race, also
// outside of `withLock`, where what went through the mutex is used. Suppressing such reports would hide real races;
// reporting the order, as is done here, hides none.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *handle

// _MutexHandle._lockSlow(_: UInt32) and _MutexHandle._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static SWIFT void (*swift_lock)(uint32_t thread, SELF);
static SWIFT void (*swift_unlock)(SELF);

__attribute__((constructor)) static void prepare(void) {
    // Programs that the watched one starts have no ThreadSanitizer to tell.
    unsetenv("LD_PRELOAD");
    swift_lock = (SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK);
    swift_unlock = (SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK);
    // Were these renamed, the handing over would go unseen again.
    if (!swift_lock || !swift_unlock) abort();
}

SWIFT void lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock(SELF) __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF) {
    swift_lock(thread, handle);
    __tsan_acquire(handle);
}

SWIFT void unlock(SELF) {
    __tsan_release(handle);
    swift_unlock(handle);
}
