"""Which language model is asked, and how: one frozen value, made once at the edge."""

from __future__ import annotations

import ipaddress
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args
from urllib.parse import SplitResult, urlsplit

from report_gen.errors import NarrationConfigError

__all__ = ["OPENAI_URL", "Api", "EndpointConfig", "Structured", "TokenCap", "is_loopback"]

Api = Literal["chat", "responses"]
Structured = Literal["auto", "json_schema", "json_object", "text"]
TokenCap = Literal["auto", "max_completion_tokens", "max_tokens"]

OPENAI_URL: Final = "https://api.openai.com/v1"
"""Where a configuration without `base_url` asks."""

_HOSTED: Final = ("openai.com", "azure.com")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_S: Final = 60.0
_MOST_CALLS: Final = 1000
_WANTS: Final = {
    "model": (str,),
    "base_url": (str, type(None)),
    "api_key_env": (str,),
    "api": (str,),
    "structured": (str,),
    "reasoning_effort": (str, type(None)),
    "service_tier": (str, type(None)),
    "temperature": (float, int, type(None)),
    "azure_api_version": (str, type(None)),
    "allow_remote": (bool,),
    "token_cap": (str,),
    "deadline_s": (float, int),
    "hedge": (bool, type(None)),
    "hedge_after_s": (float, int),
    "max_attempts": (int,),
    "max_calls": (int,),
}


def is_loopback(base_url: str | None) -> bool:
    """Whether an address is on this machine: `localhost` or a loopback IP address written out.

    Args:
        base_url: The address. None stands for OpenAI's, which is not.
    """
    host = urlsplit(base_url).hostname if base_url is not None else None
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """One OpenAI-compatible endpoint and the terms on which it is asked.

    It holds no secret: the key is read from the environment when the endpoint opens. Answers are never stored by
    our wish: the responses interface is always asked with `store=False`.

    Raises:
        ValueError: A field has a value that cannot be used; the message says which and what to write instead.
        NarrationConfigError: The endpoint is not on this machine and `allow_remote` does not permit that.
    """

    model: str
    """Name of the model or, on Azure, of the deployment."""
    base_url: str | None = None
    """Root of the interface, such as `http://127.0.0.1:8000/v1`; on Azure the resource. None: OpenAI."""
    api_key_env: str = "OPENAI_API_KEY"
    """Environment variable that holds the key. An endpoint on this machine needs none."""
    api: Api = "chat"
    """Interface asked: chat completions, which every server has, or responses."""
    structured: Structured = "auto"
    """How the form of the answer is asked for; `auto` finds the strictest way that the endpoint takes."""
    reasoning_effort: str | None = None
    """Effort of a reasoning model; the lowest it takes is the fastest. None: not sent."""
    service_tier: str | None = None
    """Speed tier. None: not sent."""
    temperature: float | None = None
    """Sampling temperature, 0 to 2. None: not sent, as reasoning models refuse it."""
    azure_api_version: str | None = None
    """Version of Azure's dated interface, which is then used. None: the plain interface."""
    allow_remote: bool = False
    """Permits an endpoint that is not on this machine."""
    token_cap: TokenCap = "auto"  # noqa: S105 - tokens of text, not a secret
    """Name of the parameter that caps the answer; `auto` finds it."""
    deadline_s: float = 4.5
    """Seconds for all questions of a report."""
    hedge: bool | None = None
    """Whether a slow call is doubled. None: yes, but not for an endpoint on this machine."""
    hedge_after_s: float = 2.0
    """Seconds after which a call counts as slow until the endpoint's own speed is known."""
    max_attempts: int = 3
    """Calls for one question at most."""
    max_calls: int = 40
    """Questions for one report at most."""

    def __post_init__(self) -> None:
        """Refuse what cannot be used where it is written, not when a case closes."""
        _check_types(self)
        _check_choices(self)
        _check_names(self)
        _check_numbers(self)
        _check_address(self)

    @property
    def loopback(self) -> bool:
        """Whether the endpoint is on this machine."""
        return is_loopback(self.base_url)

    @property
    def hosted_by_openai(self) -> bool:
        """Whether the address is one of OpenAI's or Azure's, whose newer models refuse the older token cap."""
        host = urlsplit(self.base_url or OPENAI_URL).hostname or ""
        return self.azure_api_version is not None or any(host == name or host.endswith(f".{name}") for name in _HOSTED)

    @property
    def key_present(self) -> bool:
        """Whether the environment variable of the key is set to something."""
        return bool(os.environ.get(self.api_key_env, "").strip())

    def provenance(self) -> dict[str, str | bool]:
        """What a report may say of the endpoint: no address, no key."""
        return {
            "endpoint": "loopback" if self.loopback else "remote",
            "allow_remote": self.allow_remote,
            "model": self.model,
            "api": self.api,
            "structured": self.structured,
        }

    @classmethod
    def from_toml(cls, source: bytes | Path, overrides: Mapping[str, Any] | None = None) -> Self:
        """The configuration written in a TOML file whose keys are the names of the fields.

        Args:
            source: The file or its contents.
            overrides: Choices that count in place of the file's.

        Raises:
            NarrationConfigError: The file cannot be read, is not TOML, or holds keys or values that cannot be used.
        """
        table = {**_table(source), **(overrides or {})}
        known = [field.name for field in fields(cls)]
        if unknown := sorted(set(table) - set(known)):
            raise NarrationConfigError(
                "llm.config_keys",
                f"the model configuration has unknown keys: {', '.join(map(repr, unknown))}. "
                f"Remove them or use one of: {', '.join(known)}",
            )
        if "model" not in table:
            raise NarrationConfigError("llm.config_model", 'the model configuration names no model; add model = "…"')
        try:
            return cls(**table)
        except ValueError as error:
            message = str(error)
        raise NarrationConfigError("llm.config_value", message)


def _table(source: bytes | Path) -> dict[str, Any]:
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
        return tomllib.loads(data.decode("utf-8"))
    except OSError:
        code, message = "llm.config_unreadable", "the model configuration cannot be read; check its path and rights"
    except (ValueError, RecursionError):
        # The parser's own message may quote the line, and a key may stand there by mistake.
        code, message = "llm.config_toml", "the model configuration is not TOML in UTF-8; check quotes and brackets"
    raise NarrationConfigError(code, message)


def _check_types(config: EndpointConfig) -> None:
    for name, kinds in _WANTS.items():
        value = getattr(config, name)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            wanted = " or ".join("nothing" if kind is type(None) else kind.__name__ for kind in kinds)
            raise ValueError(f"{name} is {wanted}, not {type(value).__name__}")


def _check_choices(config: EndpointConfig) -> None:
    for name, kind in (("api", Api), ("structured", Structured), ("token_cap", TokenCap)):
        choices = get_args(kind)
        if getattr(config, name) not in choices:
            raise ValueError(f"{name} is one of {', '.join(choices)}")
    if config.azure_api_version is not None and config.base_url is None:
        raise ValueError("azure_api_version needs base_url: the address of the Azure resource")


def _check_names(config: EndpointConfig) -> None:
    for name in ("model", "reasoning_effort", "service_tier", "azure_api_version"):
        value = getattr(config, name)
        if value is not None and (not value.strip() or not value.isprintable()):
            raise ValueError(f"{name} is empty or holds control characters; write its name or leave it out")
    if not _NAME.fullmatch(config.api_key_env):
        # Not quoted: the key itself may have been written here.
        raise ValueError(
            "api_key_env is the name of an environment variable, such as OPENAI_API_KEY, not the key itself"
        )


def _check_numbers(config: EndpointConfig) -> None:
    for name in ("deadline_s", "hedge_after_s"):
        value = getattr(config, name)
        if not (math.isfinite(value) and 0 < value <= _LONGEST_S):
            raise ValueError(f"{name} is more than 0 and at most {_LONGEST_S:g} seconds")
    for name, most in (("max_attempts", 10), ("max_calls", _MOST_CALLS)):
        if not 1 <= getattr(config, name) <= most:
            raise ValueError(f"{name} is from 1 to {most}")
    if config.temperature is not None and not 0 <= config.temperature <= 2:
        raise ValueError("temperature is from 0 to 2, or left out")


def _check_address(config: EndpointConfig) -> None:
    if config.base_url is not None and not _usable(config.base_url):
        # Not quoted: an address may hold a password.
        raise ValueError(
            "base_url is http:// or https://, a host and a path, such as http://127.0.0.1:8000/v1, "
            "without user name, password, query or spaces"
        )
    if not config.loopback and not config.allow_remote:
        raise NarrationConfigError(
            "llm.remote",
            "the model endpoint is not on this machine. Set allow_remote = true if the coded facts of a case "
            "(no identifiers) may be sent there, or set base_url to a server on 127.0.0.1",
        )


def _usable(base_url: str) -> bool:
    # Parsers disagree on a backslash: one's path is another's host.
    if "\\" in base_url or not base_url.isascii() or any(not mark.isprintable() or mark == " " for mark in base_url):
        return False
    try:
        parts = urlsplit(base_url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not _extras(parts)


def _extras(parts: SplitResult) -> bool:
    return "@" in parts.netloc or bool(parts.query or parts.fragment)
