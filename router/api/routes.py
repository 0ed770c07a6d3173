"""Owns which operation a method and a path name. Pure."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from router.api.operation import Operation


class Route(NamedTuple):
    """The operations at a path, by method, and the path's variable parts."""

    methods: dict[str, Operation]
    variables: dict[str, str]


class _Node:
    __slots__ = ("children", "methods", "name", "variable")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.variable: _Node | None = None
        self.name = ""
        self.methods: dict[str, Operation] = {}


class Routes:
    """The paths of the operations as a tree of segments; those without variables also as a map."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Takes the table's rows."""
        self._root = _Node()
        self._fixed: dict[str, Route] = {}
        for operation in operations:
            self._add(operation)

    def find(self, path: str) -> Route | None:
        """The operations at a path as it was sent, or None when there is no such path."""
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed
        node = self._root
        variables: dict[str, str] = {}
        for segment in path.split("/")[1:]:
            child = node.children.get(segment)
            if child is None:
                child = node.variable
                if child is None or not segment:
                    return None
                variables[child.name] = unquote(segment) if "%" in segment else segment
            node = child
        return Route(node.methods, variables) if node.methods else None

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in operation.path.split("/")[1:]:
            if segment.startswith("{"):
                if node.variable is None:
                    node.variable = _Node()
                    node.variable.name = segment[1:-1]
                node = node.variable
            else:
                node = node.children.setdefault(segment, _Node())
        node.methods[operation.method] = operation
        if "{" not in operation.path:
            self._fixed[operation.path] = Route(node.methods, {})
