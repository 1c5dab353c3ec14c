"""TLS in front of an endpoint, for clients that send trailers over https only.

What a client sends is kept, so that it can be looked at, and one byte of it can be changed.
"""

import datetime
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_HOST = "127.0.0.1"
_END_OF_HEAD = b"\r\n\r\n"
_TIMEOUT = 60
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Seen:
    """A request as it came over the wire."""

    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    """What followed the head, framing included."""


@dataclass
class Forwarder:
    """The address that clients are given."""

    address: str
    """HOST:PORT."""
    certificate: Path
    """What clients have to trust."""
    flip_at: int | None = None
    """The byte of the body of a connection's first request that is changed from now on."""
    connections: list[bytearray] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        """The endpoint for clients."""
        return f"https://{self.address}"

    def seen(self, method: str, target: str) -> Seen | None:
        """The last of such requests; `None` if there was none."""
        first_line = f"{method} {target} HTTP/1.1\r\n".encode()
        with self._lock:
            sent = [bytes(each) for each in self.connections if first_line in each]
        if not sent:
            return None
        # A body that contains such a line would have to be random indeed.
        head, _, body = sent[-1].rpartition(first_line)[2].partition(_END_OF_HEAD)
        pairs = (line.partition(":") for line in head.decode("latin-1").split("\r\n"))
        return Seen({name.lower(): value.strip() for name, _, value in pairs}, body)

    def connected(self) -> bytearray:
        """Where the bytes of a new connection are kept."""
        kept = bytearray()
        with self._lock:
            self.connections.append(kept)
        return kept

    def passed(self, kept: bytearray, data: bytes) -> bytes:
        """Keeps what a client sent; gives what is sent on."""
        with self._lock:
            start = len(kept)
            kept += data
            head = kept.find(_END_OF_HEAD)
        if self.flip_at is None or head < 0:
            return data
        at = head + len(_END_OF_HEAD) + self.flip_at - start
        changed = bytearray(data)
        if 0 <= at < len(changed):
            changed[at] ^= 1
        return bytes(changed)


@contextmanager
def tls_forwarder(address: str, folder: Path) -> Iterator[Forwarder]:
    """Forwards to HOST:PORT until it is left; its certificate is written into the folder."""
    certificate, key = _self_signed(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    # A client of TLS 1.3 may send what is no data, for which `_exchange` would wait.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    host, _, port = address.rpartition(":")

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            # Broken connections are the client's affair: it notices.
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as client,
                socket.create_connection((host, int(port)), _TIMEOUT) as server,
            ):
                _exchange(client, server, forwarder)

    class Server(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server((_HOST, 0), Handler) as listener:
        forwarder = Forwarder(f"{_HOST}:{listener.server_address[1]}", certificate)
        Thread(target=listener.serve_forever, daemon=True).start()
        try:
            yield forwarder
        finally:
            listener.shutdown()


def _exchange(client: ssl.SSLSocket, server: socket.socket, forwarder: Forwarder) -> None:
    """Passes bytes on, both ways, until either side has said all."""
    kept = forwarder.connected()
    while True:
        # What TLS has decrypted already is nothing that `select` knows of.
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        if client in ready:
            data = client.recv(_PIECE)
            if not data:
                return
            server.sendall(forwarder.passed(kept, data))
        if server in ready:
            data = server.recv(_PIECE)
            if not data:
                return
            client.sendall(data)


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _HOST)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HOST))])
    builder = builder.add_extension(alternative, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.sign(key, SHA256())
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    paths[1].write_bytes(encoded)
    return paths
