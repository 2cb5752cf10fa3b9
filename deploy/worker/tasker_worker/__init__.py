"""Tasker's reference worker: runs nmap for the coordinator, with the broker as its only dependency."""
