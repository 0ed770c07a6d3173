"""A store over TLS, with the certificates that its URL names."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.engine.connect import connect
from router.engine.driver import StoreDown, StoreError
from router.engine.library import Library
from router.engine.process import Setting, config_text, spawn, wait_for
from tests.conftest import PATIENT
from tests.servers import free_port

SERVER = shutil.which("redis-server")

pytestmark = pytest.mark.skipif(
    SERVER is None or shutil.which("openssl") is None,
    reason="needs a redis-server with TLS, and openssl",
)


class Certificates:
    """An authority, and a certificate of 127.0.0.1 that it has signed."""

    def __init__(self, directory: Path) -> None:
        self.ca, self.cert, self.key = (directory / f"{name}.pem" for name in ("ca", "crt", "key"))
        ca_key = directory / "ca-key.pem"
        new = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
        subject = ["-subj", "/CN=tests", "-addext", "basicConstraints=critical,CA:TRUE"]
        use = ["-addext", "keyUsage=critical,keyCertSign"]
        self._openssl("req", "-x509", *new, "-keyout", ca_key, "-out", self.ca, *subject, *use)
        signed: list[str | Path] = [
            "-CA",
            self.ca,
            "-CAkey",
            ca_key,
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]
        host = ["-subj", "/CN=127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
        self._openssl("req", "-x509", *new, *signed, "-keyout", self.key, "-out", self.cert, *host)

    def _openssl(self, *words: str | Path) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class TlsServer:
    """A server that speaks TLS only and asks its clients for a certificate too."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.certificates = Certificates(directory)
        settings: dict[str, Setting] = {
            "port": "0",
            "bind": "127.0.0.1",
            "dir": str(directory),
            "tls-port": str(self.port),
            "tls-cert-file": str(self.certificates.cert),
            "tls-key-file": str(self.certificates.key),
            "tls-ca-cert-file": str(self.certificates.ca),
        }
        self.log = directory / "log"
        self.process = spawn([str(SERVER), "-"], config_text(settings), self.log)
        wait_for(lambda: self.is_up or self.process.poll() is not None, 10)

    @property
    def is_up(self) -> bool:
        return "Ready to accept connections" in self.log.read_text()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server_with_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServer]:
    server = TlsServer(tmp_path_factory.mktemp("tls"))
    try:
        if not server.is_up:
            pytest.skip("this redis-server speaks no TLS")
        yield server
    finally:
        server.stop()


async def test_a_call_travels_over_tls(server_with_tls: TlsServer, library: Library) -> None:
    files = server_with_tls.certificates
    query = f"ca={files.ca}&cert={files.cert}&key={files.key}"
    driver = connect(f"rediss://127.0.0.1:{server_with_tls.port}/0?{query}", options=PATIENT)

    await driver.load(library.code)

    assert await driver.fcall(library.function("echo"), "{t-x}:meta", b"secret") == b"secret"
    await driver.close()


async def test_a_server_of_an_unknown_authority_is_refused(server_with_tls: TlsServer) -> None:
    driver = connect(f"rediss://127.0.0.1:{server_with_tls.port}/0", options=PATIENT)

    with pytest.raises(StoreDown, match="certificate"):
        await driver.ping()
    await driver.close()


async def test_a_client_without_a_certificate_is_refused(server_with_tls: TlsServer) -> None:
    ca = server_with_tls.certificates.ca
    driver = connect(f"rediss://127.0.0.1:{server_with_tls.port}/0?ca={ca}", options=PATIENT)

    with pytest.raises(StoreError):
        await driver.ping()
    await driver.close()
