"""The OpenAPI document is valid, whole, and its examples are requests that would be taken."""

from typing import Any

import msgspec
import pytest
from openapi_spec_validator import validate

from router.api.openapi import document
from router.api.operation import Operation
from router.api.operations import OPERATIONS
from router.api.roles import OPERATIONS as ROLES


@pytest.fixture(scope="module")
def api_document() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document()))
    return found


def test_it_is_valid(api_document: dict[str, Any]) -> None:
    validate(api_document)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_is_in_it_with_roles_and_examples(
    api_document: dict[str, Any], operation: Operation
) -> None:
    entry = api_document["paths"][operation.path][operation.method.lower()]

    assert entry["operationId"] == operation.id
    for role in ROLES[operation.id]:
        assert role in entry["description"]
    if operation.body_type is not None:
        example = entry["requestBody"]["content"]["application/json"]["example"]
        msgspec.convert(example, operation.body_type)
    elif operation.id != "open_stream":
        assert entry["responses"]["200"]["content"]["application/json"]["example"]
