/*
 * What must hold. Each has a name that spin prints where it is violated; these variables, which never change, are
 * those names. What is counted here is seen by nobody in the model.
 */

bool one_outcome_each = true;
bool accounts_add_up = true;
bool imported_once = true;
bool done_means_imported = true;
bool failed_means_not_imported = true;
bool no_write_under_an_old_epoch = true;
bool scanned_once_without_excuse = true;
bool no_start_after_receipt = true;
bool no_dispatch_after_receipt = true;
bool receipt_tells_the_truth = true;
bool everything_comes_to_its_end = true;

#define invariant(name, condition) assert(!name || (condition))

/* A target is scanned once, unless something excuses a second time: a worker died or fell silent with its task, or a leader
   that was suspended before a publish sent it late. */
bool scanned[TARGETS];
bool excused[TARGETS];

inline count_scan(target) {
    invariant(scanned_once_without_excuse, !scanned[target] || excused[target]);
    scanned[target] = true
}
