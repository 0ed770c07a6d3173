"""What an archive holds, read row by row: for tests that compare it with something else."""

from typing import Any

from sqlalchemy import Connection, Table, select

from router.archive import fold, schema
from router.archive.database import Database
from router.engine.driver import StoreDriver
from router.journal.entry import Entry, decode_entry

Row = dict[str, Any]


class Ledger:
    contacts = schema.CONTACTS

    def __init__(self, database: Database, tenant: str) -> None:
        self.database = database
        self.tenant = tenant

    async def rows(self, table: Table) -> list[Row]:
        """All rows of the tenant, by their keys."""

        def read(connection: Connection) -> list[Row]:
            asked = select(table).where(table.c.tenant == self.tenant)
            asked = asked.order_by(*table.primary_key.columns)
            return [dict(row) for row in connection.execute(asked).mappings()]

        return await self.database.read(read)

    async def contact(self, name: str) -> Row:
        rows = await self.rows(schema.CONTACTS)
        (found,) = [row for row in rows if row["contact"] == name and row["is_last"]]
        return found

    def record(self, row: Row) -> Row:
        """The whole record of a contact's row."""
        return fold.decode(row["record"])

    async def timeline(self, name: str) -> list[str]:
        rows = await self.rows(schema.ENTRIES)
        return [row["kind"] for row in rows if row["contact"] == name]

    async def places(self) -> list[tuple[int, int, int]]:
        """Of all events in the timelines, in the journal's order."""
        rows = await self.rows(schema.ENTRIES)
        return sorted((row["ms"], row["seq"], row["nth"]) for row in rows)

    async def everything(self) -> dict[str, list[Row]]:
        """All that is archived but the position's count of transactions."""
        found = {table.name: await self.rows(table) for table in TABLES}
        for row in found["acd_positions"]:
            del row["turn"]
        return found


TABLES = (
    schema.CONTACTS,
    schema.PARTICIPANTS,
    schema.WORDS,
    schema.ENTRIES,
    schema.LINKS,
    schema.WAITS,
    schema.HOLDS,
    schema.PRESENCES,
    schema.POSITIONS,
    schema.GAPS,
)


async def journal_of(store: StoreDriver, tenant: str) -> list[Entry]:
    """The whole journal."""
    found = await store.journal_range(f"{{{tenant}}}:journal", "0-0", "+", 1_000_000)
    return [decode_entry(*one) for one in found]
