"""An event loop of our own in a daemon thread: it works inside any program and keeps no process alive."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar, TypeVarTuple

__all__ = ["DaemonLoop", "LoopThread", "PerProcess", "in_daemon_thread"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

WIND_DOWN_S: Final = 0.5
"""Longest wait for tasks that still run when a loop is closed."""

_log: Final = logging.getLogger(__name__)


def in_daemon_thread(work: Callable[[], T], *, name: str) -> Future[T]:
    """The result to come of `work`, which runs in a thread that does not keep the process alive.

    Raises:
        RuntimeError: No thread can be started, for instance while the interpreter shuts down.
    """
    future: Future[T] = Future()
    # From here on nobody who stops waiting can cancel it for the others.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, who waits must hear of it
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future


class DaemonLoop(asyncio.SelectorEventLoop):
    """An event loop whose blocking work, name look-ups above all, runs in daemon threads.

    The threads of asyncio's default executor are joined when the interpreter exits, so that a dead name server would
    keep a finished program waiting for half a minute.
    """

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """As asyncio does; without an executor, in a daemon thread of its own (`getaddrinfo` comes this way)."""
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        return asyncio.wrap_future(in_daemon_thread(lambda: func(*args), name="report_gen.llm.blocking"), loop=self)


class LoopThread:
    """A daemon thread that runs an event loop, started on first use; safe from any thread."""

    def __init__(self) -> None:
        """Start without a thread or a loop."""
        self._lock = threading.Lock()
        self._loop: DaemonLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, make: Callable[[DaemonLoop], Coroutine[Any, Any, T]]) -> Future[T]:
        """The result to come of a coroutine that runs in the loop; cancelling it cancels the coroutine.

        Args:
            make: Makes the coroutine; given the loop, whose clock may be read from any thread.

        Raises:
            RuntimeError: It is closed or dead, or no thread can be started.
        """
        with self._lock:
            if self._closed or (self._thread is not None and not self._thread.is_alive()):
                raise RuntimeError("this loop is closed")
            loop = self._running()
            return asyncio.run_coroutine_threadsafe(make(loop), loop)

    def call_soon(self, callback: Callable[[], object]) -> None:
        """Have the loop call something when it comes round; without effect when no loop runs."""
        with self._lock, suppress(RuntimeError):  # it may be closing at this moment
            if self._loop is not None:
                self._loop.call_soon_threadsafe(callback)

    def close(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Cancel what runs and stop the loop, in about a second at most; a loop that is stuck is abandoned.

        Args:
            last: Makes a coroutine to run before, such as closing connections.
        """
        with self._lock:
            loop, thread, closed, self._closed = self._loop, self._thread, self._closed, True
        if closed or loop is None or thread is None or not thread.is_alive():
            return
        done = asyncio.run_coroutine_threadsafe(_wind_down(last), loop)
        if thread is threading.current_thread():
            return
        wait_for((done,), timeout=3 * WIND_DOWN_S)
        thread.join(timeout=WIND_DOWN_S)

    def _running(self) -> DaemonLoop:
        if self._loop is None:
            loop = DaemonLoop()
            loop.set_exception_handler(_say_little)
            thread = threading.Thread(target=_run, args=(loop,), name="report_gen.llm", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                loop.close()
                raise
            self._loop, self._thread = loop, thread
        return self._loop


class PerProcess(Generic[T]):
    """One value for each process: made anew in a forked child, where threads, locks and connections are dead.

    The parent's value is kept there untouched: closing its loop or its sockets would reach into the parent.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        """Keep the function that makes the value."""
        self._make = make
        self._values: dict[int, T] = {}

    def get(self) -> T:
        """The value of this process, made on first use."""
        value = self.peek()
        # Of two threads that come first together, one has made its value for nothing.
        return value if value is not None else self._values.setdefault(os.getpid(), self._make())

    def peek(self) -> T | None:
        """The value of this process; None: not made yet."""
        return self._values.get(os.getpid())


def _run(loop: DaemonLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _wind_down(last: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
    """Run `last`, cancel every other task, stop the loop; each step takes at most `WIND_DOWN_S`."""
    loop = asyncio.get_running_loop()
    try:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=WIND_DOWN_S)
        if last is not None:
            await asyncio.wait((loop.create_task(last()),), timeout=WIND_DOWN_S)
    finally:
        loop.call_soon(loop.stop)


def _say_little(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log the class of an error only: asyncio's own message shows objects that may hold a question."""
    _log.debug("an error nobody waited for: %s", type(context.get("exception")).__name__)
