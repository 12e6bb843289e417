"""Values that are dear to make: made once, however many ask at the same time; the last few that were used are kept."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """What `make` gives for a number; what it raises is raised to all who wait for it, and not kept."""

    def __init__(self, make: Callable[[int], _Value], most: int) -> None:
        self._make, self._most = make, most
        self._kept: dict[int, Future[_Value]] = {}
        self._lock = Lock()

    def get(self, number: int) -> _Value:
        """The value of a number."""
        with self._lock:
            found = self._kept.pop(number, None)
            promise: Future[_Value] = found or Future()
            self._kept[number] = promise  # the last used stands last
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        if found is None:
            self._keep_promise(number, promise)
        return promise.result()

    def _keep_promise(self, number: int, promise: Future[_Value]) -> None:
        try:
            promise.set_result(self._make(number))
        except BaseException as error:
            with self._lock:
                if self._kept.get(number) is promise:
                    del self._kept[number]
            promise.set_exception(error)
            raise
