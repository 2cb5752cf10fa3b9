/*
 * What must hold. Each has a name that spin prints where it is violated: these variables are those names.
 * -DWATCH=NAME watches one alone. What is counted here is seen by nobody in the model.
 */

#ifdef WATCH
#define BY_DEFAULT false
#else
#define BY_DEFAULT true
#endif

bool one_outcome_each = BY_DEFAULT;
bool accounts_add_up = BY_DEFAULT;
bool imported_once = BY_DEFAULT;
bool done_means_imported = BY_DEFAULT;
bool failed_means_not_imported = BY_DEFAULT;
bool no_write_under_an_old_epoch = BY_DEFAULT;
bool scanned_once_without_excuse = BY_DEFAULT;
bool no_start_after_receipt = BY_DEFAULT;
bool no_dispatch_after_receipt = BY_DEFAULT;
bool receipt_tells_the_truth = BY_DEFAULT;
bool everything_comes_to_its_end = BY_DEFAULT;

#define invariant(name, condition) assert(!name || (condition))

/* A target is scanned once, unless something excuses a second time: a worker died or fell silent with its task, or
   a leader that was suspended before a publish sent it late. */
bool scanned[TARGETS];
bool excused[TARGETS];

inline count_scan(target) {
    invariant(scanned_once_without_excuse, !scanned[target] || excused[target]);
    scanned[target] = true
}
