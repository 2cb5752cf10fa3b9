"""Name servers to resolve against: a fast one, one that is deaf for some names, and one that is deaf."""

from .authoritative_server import AuthoritativeServer
from .deaf_socket import deaf_socket
from .hesitant_server import HesitantServer

__all__ = ["AuthoritativeServer", "HesitantServer", "deaf_socket"]
