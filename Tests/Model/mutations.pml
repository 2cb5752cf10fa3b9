/*
 * The defences that a run can take away, one at a time: -DMUTATION=NAME. scripts/lib/model/mutations.py says which
 * invariant breaks without each.
 */

#define NONE 0
#define NO_EPOCH_CHECK 1
#define NO_DEDUPLICATION 2
#define ACK_BEFORE_UPLOAD 3
#define NO_READ_BACK 4
#define TOMBSTONE_FORGOTTEN 5
#define CLAIM_IGNORES_STOP 6
#define PUBLISH_BEFORE_CLAIM 7
#define REPUBLISH_BLINDLY 8
#define NO_DRAIN 9
#define EARLIER_ATTEMPTS_FORGOTTEN 10
#define SILENCE_IS_CONSENT 11
#define REVOKE_NOT_CONFIRMED 12
#define HELLO_BEFORE_LISTENING 13
#define LOST_BEATS_IMPORT 14
#define INTENT_DROPPED_EARLY 15
#define SWEPT_IS_CONFIRMED 16
#define UNCERTAIN_IS_DONE 17

#ifndef MUTATION
#define MUTATION NONE
#endif

#define without(defence) (MUTATION == defence)
