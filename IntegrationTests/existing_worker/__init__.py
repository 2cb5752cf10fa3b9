"""A scripted twin of an existing Falcoria worker: real Celery, its three processes, keys and uploads; no nmap, no target."""
