/* Who leads, and who only thinks so. */

mtype:term_state = { STANDING_BY, LEADING, OVER };

/* What a coordinator's epoch is worth. That epochs only grow is arithmetic in acquire_lock.lua; here a new one
   makes all earlier ones OVER. */
mtype:term_state term[COORDINATORS] = STANDING_BY;
bool suspended[COORDINATORS];

#define acts(self) (term[self] == LEADING && !suspended[self])
#define somebody_acts (acts(0) || acts(1))
#define is_up(self) (term[self] != STANDING_BY && !suspended[self])

/* fence() of prelude.lua. */
#define may_write(self) (term[self] == LEADING || without(NO_EPOCH_CHECK))

inline check_write(self) {
    invariant(no_write_under_an_old_epoch, term[self] == LEADING)
}
