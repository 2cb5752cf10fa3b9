"""All rows, in the order of docs/reliability.md."""

from ..row import Row
from . import broker, client, leadership, ledger, names, redis, stop, storm, workers

ROWS: dict[str, Row] = {
    row.name: row
    for module in (leadership, redis, broker, workers, ledger, stop, storm, client, names)
    for row in module.ROWS
}
