/* ScanLedger: whether it shows a target's finding. An import has its effect at once; its answer may be lost. */

bool shown[TARGETS];

/* Imports by the acting leader. One by a leader whose term ended between its last look and its request cannot be
   told from the earlier leader's own, and ScanLedger cannot check an epoch: it repeats the same finding and is not
   counted. */
bool imported[TARGETS];

inline import_finding(self, target) {
    if
    :: term[self] == LEADING ->
        invariant(imported_once, !imported[target]);
        invariant(failed_means_not_imported, state[target] != FAILED && state[target] != CANCELLED);
        imported[target] = true
    :: else
    fi;
    shown[target] = true
}
