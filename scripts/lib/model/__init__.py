"""The model of Tasker's promises (Tests/Model) and the runs that spin makes of it."""

#: What a run needs from Debian.
PACKAGES = ("spin", "gcc", "libc6-dev")
