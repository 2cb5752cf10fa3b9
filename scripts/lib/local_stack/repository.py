"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PYTHON_ENVIRONMENT = ROOT / ".venv"
REQUIREMENTS = ROOT / "IntegrationTests" / "requirements.txt"
LEDGER_PARENT = ROOT / "IntegrationTests"
WORKER_PARENT = ROOT / "deploy" / "worker"
DEFAULT_STATE = ROOT / ".stack"
BROKER_DEFINITIONS = ROOT / "deploy" / "compose" / "rabbitmq-definitions.json"
