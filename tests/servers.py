"""The real servers that tests run against: one on a socket, and sets of them on loopback ports."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from router.engine.binary import find_binary
from router.engine.embedded import EmbeddedServer
from router.engine.process import Setting, config_text, spawn, wait_for
from tests.waiting import wait_until

PORTS: Final = range(12_000, 32_000)
_taken = count(97 * os.getpid())  # processes that run beside each other begin far apart


def binary_under_test() -> str | None:
    """The server that ACD_TEST_SERVER names: `embedded` (default) or a program on PATH."""
    name = os.environ.get("ACD_TEST_SERVER", "embedded")
    if name == "embedded":
        return None
    path = shutil.which(name)
    if path is None:
        raise RuntimeError(f"ACD_TEST_SERVER={name}: no such program")
    return path


class TestServer:
    """A server of the tests' own, with its data in a directory that goes with it."""

    __test__ = False

    def __init__(self) -> None:
        self.data_dir = Path(tempfile.mkdtemp(prefix="acd-test-"))
        self.server = EmbeddedServer.start(self.data_dir, binary=binary_under_test())

    @property
    def url(self) -> str:
        """Where drivers reach it."""
        return self.server.url

    def stop(self) -> None:
        """Ends it, with its data."""
        self.server.stop()
        shutil.rmtree(self.data_dir)


class TcpServer:
    """A server or Sentinel on a loopback port, with its own directory."""

    def __init__(
        self, directory: Path, settings: dict[str, Setting], *, is_sentinel: bool = False
    ) -> None:
        self.port = free_port()
        data_dir = directory / str(self.port)
        data_dir.mkdir(parents=True)
        config = config_text(
            {"port": str(self.port), "bind": "127.0.0.1", "dir": str(data_dir)} | settings
        )
        program = str(find_binary(binary_under_test()))
        command = [program, "-"]
        if is_sentinel:
            path = data_dir / "sentinel.conf"
            path.write_text(config)
            command, config = [program, str(path), "--sentinel"], ""
        self.process: subprocess.Popen[bytes] = spawn(command, config, data_dir / "log")
        self.client = redis.Redis(
            port=self.port, decode_responses=True, retry=Retry(NoBackoff(), 2)
        )

    def ask(self, *command: str | int) -> Any:
        """The server's answer to a plain command."""
        return self.client.execute_command(*command)  # type: ignore[no-untyped-call]

    def answers(self) -> bool:
        """True once it serves."""
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ends it."""
        self.client.close()
        self.kill()


@contextmanager
def loading_server(directory: Path) -> Iterator[str]:
    """A server that takes a long time to load its data, and says so; yields its URL."""
    settings: dict[str, Setting] = {"appendonly": "no"}
    server = EmbeddedServer.start(directory, binary=binary_under_test(), settings=settings)
    program = str(find_binary(binary_under_test()))
    with redis.Redis(unix_socket_path=server.socket) as client:
        client.mset({f"key-{n}": os.urandom(100) for n in range(1_000)})
        client.save()
    server.stop()
    path = directory / "s"
    config = config_text(
        {
            "port": "0",
            "unixsocket": str(path),
            "dir": str(directory),
            "key-load-delay": "10000",
            "loading-process-events-interval-bytes": "1024",
        }
    )
    process = spawn([program, "-"], config, directory / "loading.log")
    try:
        assert wait_for(lambda: listens(path), 10)
        yield f"unix://{path}"
    finally:
        process.kill()
        process.wait()


def listens(path: Path) -> bool:
    """Whether somebody answers at the socket; its file is there a moment earlier."""
    with socket.socket(socket.AF_UNIX) as peer:
        return peer.connect_ex(str(path)) == 0


class Servers:
    """Servers that end together."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.all: list[TcpServer] = []

    async def start(
        self, settings: dict[str, Setting] | None = None, *, is_sentinel: bool = False
    ) -> TcpServer:
        """Starts one more and waits until it serves."""
        server = TcpServer(self.directory, settings or {}, is_sentinel=is_sentinel)
        self.all.append(server)
        await wait_until(server.answers)
        return server

    def stop(self) -> None:
        """Ends all of them."""
        for server in self.all:
            server.stop()


class SentinelSet:
    """A primary, a replica and three Sentinels that watch over them."""

    service = "main"

    def __init__(self, directory: Path) -> None:
        self.servers = Servers(directory)

    async def start(self) -> None:
        """Starts all of it and waits until the Sentinels know each other and the replica."""
        fast: dict[str, Setting] = {"repl-diskless-sync-delay": "0"}
        self.primary = await self.servers.start(fast)
        of_primary = ("127.0.0.1", str(self.primary.port))
        self.replica = await self.servers.start(fast | {"replicaof": of_primary})
        watch: dict[str, Setting] = {"sentinel": ("monitor", self.service, *of_primary, "2")}
        self.sentinels = [await self.servers.start(watch, is_sentinel=True) for _ in range(3)]
        for sentinel in self.sentinels:
            sentinel.ask("SENTINEL", "SET", self.service, "down-after-milliseconds", 300)
            sentinel.ask("SENTINEL", "SET", self.service, "failover-timeout", 2000)
            for period, ms in (("info", 500), ("ping", 100), ("ask", 100), ("publish", 100)):
                sentinel.ask("SENTINEL", "DEBUG", f"{period}-period", ms)
        await wait_until(self.is_complete, 20)

    def is_complete(self) -> bool:
        """Every Sentinel knows the other two and the replica, which is in step."""
        views: list[Any] = [s.client.sentinel_master(self.service) for s in self.sentinels]
        return self.replica.client.info("replication")["master_link_status"] == "up" and all(
            view["num-other-sentinels"] == 2 and view["num-slaves"] == 1 for view in views
        )

    def has_failed_over(self) -> bool:
        """True once the replica is the primary; until then it asks for that, again and again."""
        if self.replica.ask("ROLE")[0] == "master":
            return True
        with contextlib.suppress(redis.ResponseError):  # not ready for it, or at it
            self.sentinels[0].ask("SENTINEL", "FAILOVER", self.service)
        return False

    @property
    def url(self) -> str:
        """Where drivers find the primary."""
        places = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://{places}/{self.service}?db=0"

    def stop(self) -> None:
        """Ends all of it."""
        self.servers.stop()


class ClusterSet:
    """Three primaries that share the slots, and a replica of the first."""

    def __init__(self, directory: Path) -> None:
        self.servers = Servers(directory)

    async def start(self) -> None:
        """Starts all of it and waits until every node sees the whole."""
        self.primaries = [await self.servers.start(self._settings()) for _ in range(3)]
        self.replica = await self.servers.start(self._settings())
        bounds = [0, 5461, 10923, 16384]
        for at, node in enumerate(self.primaries):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", at + 1)
            node.ask("CLUSTER", "ADDSLOTSRANGE", bounds[at], bounds[at + 1] - 1)
        first, *others = self.servers.all
        for node in others:
            bus = str(node.client.config_get("cluster-port")["cluster-port"])
            first.ask("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
        await wait_until(self.is_joined, 20)
        self.replica.ask("CLUSTER", "REPLICATE", self.id_of(first))
        await wait_until(self.is_whole, 20)

    def is_joined(self) -> bool:
        """Every node has met all others."""
        lists = [node.client.cluster("nodes") for node in self.servers.all]
        return all(
            len(nodes) == len(lists)
            and not any("handshake" in node["flags"] for node in nodes.values())
            for nodes in lists
        )

    def is_whole(self) -> bool:
        """Every node serves; the replica is in step with its primary, and everybody knows it."""
        me, nodes = self.id_of(self.replica), self.servers.all
        link = self.replica.client.info("replication").get("master_link_status")
        lists = [node.client.cluster("nodes").values() for node in self.primaries]
        return (
            link == "up"
            and all(node.client.cluster("info")["cluster_state"] == "ok" for node in nodes)
            and all("slave" in n["flags"] for known in lists for n in known if n["node_id"] == me)
        )

    def id_of(self, node: TcpServer) -> str:
        """The node's name in the cluster."""
        return str(node.ask("CLUSTER", "MYID"))

    @property
    def url(self) -> str:
        """Where drivers begin: one node is enough."""
        return f"redis+cluster://127.0.0.1:{self.primaries[0].port}"

    def stop(self) -> None:
        """Ends all of it."""
        self.servers.stop()

    def _settings(self) -> dict[str, Setting]:
        return {
            "cluster-enabled": "yes",
            "cluster-port": str(free_port()),
            "cluster-node-timeout": "1000",
            "cluster-require-full-coverage": "no",
            "repl-diskless-sync-delay": "0",
        }


def free_port() -> int:
    """A loopback port that nobody listens on now.

    It lies below those that systems give to connections, so that none takes it meanwhile.
    """
    while True:
        port = PORTS[next(_taken) % len(PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
