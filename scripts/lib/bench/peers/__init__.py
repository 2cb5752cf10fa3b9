"""What Tasker is measured beside: programs that do a part of its work and nothing else."""

from .amqp_peer import AMQPPeer
from .celery_peer import CeleryPeer
from .quick_ledger import QuickLedger

__all__ = ["AMQPPeer", "CeleryPeer", "QuickLedger"]
