"""Properties that are worked out when they are first asked for, and kept.

`functools.cached_property` of Python 3.11 does this behind one lock for all objects of a class, so that threads
at work on different groups would wait for each other. Here two threads that ask the same object at once both do the
work, and find the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

__all__ = ["kept"]

Found = TypeVar("Found")


class kept(Generic[Found]):  # noqa: N801 - a decorator, as `property`
    """Make a method without arguments a property that is kept in the object's `__dict__`."""

    def __init__(self, work: Callable[[Any], Found]) -> None:
        self.work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> kept[Found]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Found: ...

    def __get__(self, instance: object | None, owner: type) -> Found | kept[Found]:
        if instance is None:
            return self
        found = instance.__dict__[self.name] = self.work(instance)
        return found
