"""TCP links that can be broken: each process reaches each server through a proxy of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

UP, DOWN = "up", "down"
BOTH = frozenset({UP, DOWN})
NEITHER: frozenset[str] = frozenset()
_CHUNK = 1 << 16


class Link:
    """One proxied port. Every method may be called from any thread and returns once it holds.

    What a silent link has taken is kept and passed on when the link is mended, as TCP does after a partition.
    """

    def __init__(self, network: Network, target: int) -> None:
        self._network = network
        self._target = target
        self._silent = NEITHER
        self._mended = asyncio.Event()
        self._mended.set()
        self._refuses = False
        self._delay = 0.0
        self._is_slow = False
        self._bytes_left: dict[str, int] = {}
        self._rewrite: dict[str, Callable[[bytes], bytes]] = {}
        self._unanswered: bytes | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        #: When something was last passed on to the server, by the wall clock.
        self.last_up = 0.0

    def mend(self) -> None:
        """Makes the link whole. Connections that were cut stay so."""
        self._network.call(self._mend)

    def cut(self) -> None:
        """Resets the connections; new ones are reset too, until the link is mended."""
        self._network.call(self._cut, True)

    def reset(self) -> None:
        """Resets the connections that are there; new ones succeed."""
        self._network.call(self._cut, False)

    def silence(self, directions: frozenset[str] = BOTH) -> None:
        """Passes nothing on in these directions (`UP` is to the server), and tells nobody; in no direction: passes all on again."""
        self._network.call(self._silence, directions)

    def delay(self, seconds: float) -> None:
        """Holds every piece of data back for so long, in both directions."""
        self._network.call(setattr, self, "_delay", seconds)

    def trickle(self, is_slow: bool = True) -> None:
        """Passes one byte a second on in each direction."""
        self._network.call(setattr, self, "_is_slow", is_slow)

    def cut_after(self, count: int, direction: str) -> None:
        """Passes so many more bytes on in one direction, whatever they mean, and then resets the connections once."""
        self._network.call(self._bytes_left.__setitem__, direction, count)

    def rewrite(self, direction: str, function: Callable[[bytes], bytes] | None) -> None:
        """Passes each piece of data through a function, or no longer."""
        self._network.call(self._set_rewrite, direction, function)

    def lose_reply(self, request: bytes) -> None:
        """Passes nothing down any more from when something with these bytes is passed up, once."""
        self._network.call(setattr, self, "_unanswered", request)

    def is_silent(self) -> bool:
        return bool(self._silent)

    async def listen(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    def _mend(self) -> None:
        self._silent, self._refuses, self._delay, self._is_slow = NEITHER, False, 0.0, False
        self._bytes_left.clear()
        self._rewrite.clear()
        self._unanswered = None
        self._mended.set()

    def _cut(self, refuses: bool) -> None:
        self._refuses = refuses
        for writer in list(self._writers):
            writer.transport.abort()

    def _silence(self, directions: frozenset[str]) -> None:
        self._silent = directions
        if directions:
            self._mended.clear()
        else:
            self._mended.set()

    def _set_rewrite(self, direction: str, function: Callable[[bytes], bytes] | None) -> None:
        if function is None:
            self._rewrite.pop(direction, None)
        else:
            self._rewrite[direction] = function

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            self._writers.discard(writer)
            return
        self._writers.add(far_writer)
        pumps = [
            asyncio.create_task(self._pump(reader, far_writer, UP)),
            asyncio.create_task(self._pump(far_reader, writer, DOWN)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass  # the network ends; asyncio would report a cancelled handler of a connection as an error
        for end in (writer, far_writer):
            self._writers.discard(end)
            end.transport.abort()
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str) -> None:
        try:
            while data := await reader.read(_CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                while direction in self._silent:
                    await self._mended.wait()
                if rewrite := self._rewrite.get(direction):
                    data = rewrite(data)
                if direction == UP and self._unanswered and self._unanswered in data:
                    self._unanswered = None
                    self._silence(frozenset({DOWN}))
                left = self._bytes_left.get(direction)
                if left is not None and left < len(data):
                    writer.write(data[:left])
                    await writer.drain()
                    del self._bytes_left[direction]
                    return
                if left is not None:
                    self._bytes_left[direction] = left - len(data)
                while self._is_slow and data:
                    writer.write(data[:1])
                    data = data[1:]
                    await asyncio.sleep(1)
                writer.write(data)
                await writer.drain()
                if direction == UP:
                    self.last_up = time.time()
            await asyncio.sleep(0.01)  # lets what the other direction still holds arrive
        except OSError:
            pass


class Network:
    """The thread that all links run on."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)

    def __enter__(self) -> Network:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end_tasks(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def link(self, target: int) -> Link:
        """A new link to a loopback port."""
        link = Link(self, target)
        asyncio.run_coroutine_threadsafe(link.listen(), self._loop).result(5)
        return link

    @staticmethod
    async def _end_tasks() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Calls a function on the thread and waits for it."""
        done: Future[None] = Future()

        def run() -> None:
            try:
                function(*arguments)
                done.set_result(None)
            except Exception as error:
                done.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        done.result(5)
