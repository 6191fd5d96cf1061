"""The guard of tests/conftest.py works."""

from __future__ import annotations

import socket
import threading

import pytest


class TestOutsideCalls:
    @pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
    def test_connecting_outside_is_refused(self, host):
        """A connection to an address that is not loopback fails the test that tries it."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as client, pytest.raises(AssertionError, match="tried to reach"):
            client.connect((host, 443))

    def test_name_look_ups_are_refused(self):
        """Asking for the address of another machine fails before anything is sent."""
        with pytest.raises(AssertionError, match="model\\.example"):
            socket.create_connection(("model.example", 443), timeout=1)

    def test_datagrams_outside_are_refused(self):
        """Datagrams do not slip past the guard."""
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
            pytest.raises(AssertionError, match="tried to reach"),
        ):
            client.sendto(b"x", ("192.0.2.1", 53))

    def test_loopback_is_allowed(self):
        """A server on 127.0.0.1 can be reached by address and by name."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=lambda: [server.accept()[0].close() for _ in range(2)])
            thread.start()
            port = server.getsockname()[1]
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
            socket.create_connection(("localhost", port), timeout=60).close()
            thread.join(60)
        assert not thread.is_alive()
