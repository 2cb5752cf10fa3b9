/* For LD_PRELOAD: moves the time of day as one process sees it by as many seconds as the file MOVED_CLOCK_FILE says, a
 * number of eight bytes that may change at any time.
 *
 * libfaketime 0.9.10 does this too, but moves absolute timers of monotonic clocks with it (timerfd_settime), which no clock
 * that is set does: with the time an hour back, no timer of a Swift process fires. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Before this moment a time is one of a monotonic clock. */
enum { FIRST_SECOND = 1000000000 };

static volatile long none;
static volatile long *offset = &none;

__attribute__((constructor)) static void open_file(void) {
    int file = open(getenv("MOVED_CLOCK_FILE"), O_RDONLY | O_CLOEXEC);
    if (file < 0) abort();
    void *page = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) abort();
    close(file);
    offset = page;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec time;
    if (clock_gettime(CLOCK_REALTIME, &time) != 0) return -1;
    *now = (struct timeval){time.tv_sec, time.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *now) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (now) *now = time.tv_sec;
    return time.tv_sec;
}

/* The kernel waits by its own clock. */
static struct timespec true_time(const struct timespec *moved) {
    return (struct timespec){moved->tv_sec - (moved->tv_sec < FIRST_SECOND ? 0 : *offset), moved->tv_nsec};
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline) {
    static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (!wait) wait = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    struct timespec own = true_time(deadline);
    return wait(condition, mutex, &own);
}

int sem_timedwait(sem_t *semaphore, const struct timespec *deadline) {
    static int (*wait)(sem_t *, const struct timespec *);
    if (!wait) wait = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec own = true_time(deadline);
    return wait(semaphore, &own);
}
