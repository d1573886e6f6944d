"""Requests that wait, taking turns: nobody waits until a large one is done."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class Waiting(Generic[Item, Result]):
    """A request, some of whose items may have been handed out already.

    Attributes:
        items: At least one.
        sizes: Units of work of each item, at least 1.
        since: When it came.
        begun: How many items were handed out.
        results: Of those that are done, in order.
    """

    items: Sequence[Item]
    sizes: Sequence[int]
    future: asyncio.Future[list[Result]]
    since: float
    size: int
    begun: int = 0
    left: int = field(init=False)
    results: list[Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.size

    def fitting(self, room: int) -> tuple[int, int]:
        """How many of the next items have at most ``room`` units together, and how many units those are."""
        size = 0
        for count, each in enumerate(self.sizes[self.begun :]):
            if size + each > room:
                return count, size
            size += each
        return len(self.sizes) - self.begun, size


@dataclass(frozen=True, slots=True)
class Portion(Generic[Item, Result]):
    """The items ``first`` to ``last`` - 1 of a request, which are done together."""

    request: Waiting[Item, Result]
    first: int
    last: int
    size: int

    @property
    def items(self) -> Sequence[Item]:
        """What is to be done."""
        return self.request.items[self.first : self.last]

    def answer(self, results: Sequence[Result]) -> None:
        """Give the results of the items; the request is answered with the last ones."""
        request = self.request
        request.results.extend(results)
        if self.last == len(request.items) and not request.future.done():
            request.future.set_result(request.results)

    def fail(self, error: Exception) -> None:
        """Answer the request with an error; what is left of it will not be done."""
        if not self.request.future.done():
            self.request.future.set_exception(error)


class Outlook(NamedTuple):
    """The queue as it will be after some turns.

    Attributes:
        done: Units of work of those turns.
        ahead: Units before the first turn of a request that comes then, one turn of each of ``requests``.
        returning: How many of those have more turns than one.
        items: Items that wait then.
    """

    done: int
    ahead: int
    requests: int
    returning: int
    items: int


class Turns(Generic[Item, Result]):
    """A round of requests: each has its turn, and goes to the end of the queue with what is left of it.

    A request that fits into a batch goes in whole. Of a larger one as much as there is room for goes in, so that it
    fills what the others leave, and has a batch for itself when it is its turn. An item is never torn apart: one that
    is larger than a batch is a batch of its own.
    """

    def __init__(self, batch_size: int) -> None:
        self._batch_size = batch_size
        self._queue: deque[Waiting[Item, Result]] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def items(self) -> int:
        """Items that were not handed out yet."""
        return sum(len(request.items) - request.begun for request in self._queue)

    @property
    def ahead(self) -> int:
        """Units of work before the first turn of a request that comes now: one turn of each that waits."""
        return sum(min(request.left, max(self._batch_size, _next(request))) for request in self._queue)

    def outlook(self) -> Iterator[Outlook]:
        """The queue as it is and after each turn to come, down to the empty one, if nobody else comes.

        The items of a request are taken to be of one size: to look at each would cost more than what is refused.
        """
        queue = deque((request.left, len(request.items) - request.begun) for request in self._queue)
        turns = [self._size_of_turn(left, items) for left, items in queue]
        done, ahead = 0, sum(turns)
        returning = sum(turn < left for turn, (left, _) in zip(turns, queue, strict=True))
        waiting = sum(items for _, items in queue)
        yield Outlook(done, ahead, len(queue), returning, waiting)
        while queue:
            left, items = queue.popleft()
            turn = self._size_of_turn(left, items)
            handed_out = items * turn // left
            done, ahead, waiting = done + turn, ahead - turn, waiting - handed_out
            if turn < left:
                left, items = left - turn, items - handed_out
                turn = self._size_of_turn(left, items)
                ahead, returning = ahead + turn, returning - (turn == left)
                queue.append((left, items))
            yield Outlook(done, ahead, len(queue), returning, waiting)

    def _size_of_turn(self, left: int, items: int) -> int:
        return min(left, max(self._batch_size, -(-left // items)))

    def add(self, request: Waiting[Item, Result]) -> None:
        """Put a request at the end of the queue."""
        self._queue.append(request)

    def next_batch(self) -> list[Portion[Item, Result]]:
        """As much as fits, whoever waits longest for a turn first; requests whose client has gone are dropped."""
        batch: list[Portion[Item, Result]] = []
        room = self._batch_size
        while self._queue:
            request = self._queue[0]
            if request.future.done():
                self._queue.popleft()
                continue
            portion = self._turn(request, room, alone=not batch)
            if portion is None:
                break
            batch.append(portion)
            room -= portion.size
            self._queue.popleft()
            if request.begun < len(request.items):
                self._queue.append(request)
        return batch

    def _turn(
        self, request: Waiting[Item, Result], room: int, *, alone: bool
    ) -> Portion[Item, Result] | None:
        count, size = request.fitting(room)
        if not count and alone:
            count, size = 1, _next(request)
        if not count or (request.size <= self._batch_size and size < request.left):
            return None
        portion = Portion(request, request.begun, request.begun + count, size)
        request.begun += count
        request.left -= size
        return portion


def _next(request: Waiting[Item, Result]) -> int:
    return request.sizes[request.begun]
