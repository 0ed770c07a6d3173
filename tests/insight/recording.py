"""Writes small recordings in the bank's format, for tests."""

from pathlib import Path

from router.insight.bank import COLUMNS


def clock(second: int) -> str:
    """A second of a day, or of the next one, as h:mm:ss."""
    hours, rest = divmod(second % 86_400, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


def at(text: str) -> int:
    """The second of a day that h:mm:ss names."""
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


class Recorder:
    """Collects calls and writes their file."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []

    def served(
        self, queue: str, arrived: str, waited: int, service: int, server: str, **other: str
    ) -> str:
        """A call that `server` served after a wait; answers its id."""
        start = at(arrived) + waited
        served = {
            "ser_start": clock(start),
            "ser_exit": clock(start + service),
            "ser_time": str(service),
            "server": server,
        }
        return self._add(queue, arrived, waited, **served | other)

    def hung_up(self, queue: str, arrived: str, waited: int, **other: str) -> str:
        """A call whose customer gave up."""
        return self._add(queue, arrived, waited, outcome="HANG", **other)

    def phantom(self, queue: str, arrived: str) -> str:
        """A call to be ignored."""
        return self._add(queue, arrived, 30, outcome="PHANTOM")

    def write(self, path: Path) -> Path:
        """The file, with its header."""
        lines = ["\t".join(COLUMNS), *("\t".join(row.values()) for row in self.rows)]
        path.write_text("\n".join(lines) + "\n")
        return path

    def _add(self, queue: str, arrived: str, waited: int, **other: str) -> str:
        number = str(len(self.rows) + 1)
        left = at(arrived) + waited
        row = {
            "vru+line": "AA0101",
            "call_id": number,
            "customer_id": "0",
            "priority": "0",
            "type": queue,
            "date": "990201",
            "vru_entry": clock(at(arrived) - 10),
            "vru_exit": arrived,
            "vru_time": "10",
            "q_start": arrived if waited else "0:00:00",
            "q_exit": clock(left) if waited else "0:00:00",
            "q_time": str(waited),
            "outcome": "AGENT",
            "ser_start": "0:00:00",
            "ser_exit": "0:00:00",
            "ser_time": "0",
            "server": "NO_SERVER",
        }
        self.rows.append(row | other)
        return f"AA0101.{number}"
