"""A scripted worker: speaks the protocol of `deploy/worker`, journals every execution, and scans nothing."""
