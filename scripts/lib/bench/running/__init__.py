"""Scans that run: how fast they are dispatched, followed, imported and stopped, beside what the servers below give."""
