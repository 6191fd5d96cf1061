"""Which language model is asked, and how: one frozen value, made once at the edge."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from report_gen.configuration import checked, read_toml
from report_gen.errors import NarrationConfigError

__all__ = ["OPENAI_URL", "Api", "EndpointConfig", "Structured", "TokenCap", "is_loopback"]

Api = Literal["chat", "responses"]
Structured = Literal["auto", "json_schema", "json_object", "text"]
TokenCap = Literal["auto", "max_completion_tokens", "max_tokens"]

OPENAI_URL: Final = "https://api.openai.com/v1"
"""Where a configuration without `base_url` asks."""

_HOSTED: Final = ("openai.com", "azure.com")


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


def _a_name(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise ValueError("a name without control characters that is not empty, or nothing")
    return name


def _an_address(base_url: str) -> str:
    # Not quoted: an address may hold a password.
    if not _is_usable(base_url):
        raise ValueError(
            "http:// or https://, a host and a path, such as http://127.0.0.1:8000/v1, "
            "without user name, password, query or spaces"
        )
    return base_url


def _is_usable(base_url: str) -> bool:
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


_Name = Annotated[str, AfterValidator(_a_name)]
_Address = Annotated[str, AfterValidator(_an_address)]
_Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_Seconds = Annotated[float, Field(gt=0, le=60)]


class EndpointConfig(BaseModel):
    """One OpenAI-compatible endpoint and the terms on which it is asked.

    It holds no secret: the key is read from the environment when the endpoint opens. Answers are never stored by
    our wish: the responses interface is always asked with `store=False`.

    Raises:
        ValueError: Fields have values that cannot be used; the message names each, without its value.
    """

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    model: _Name
    """Name of the model or, on Azure, of the deployment."""
    base_url: _Address | None = None
    """Root of the interface, such as `http://127.0.0.1:8000/v1`; on Azure the resource. None: OpenAI."""
    api_key_env: _Variable = "OPENAI_API_KEY"
    """Environment variable that holds the key; never the key itself. An endpoint on this machine needs none."""
    api: Api = "chat"
    """Interface asked: chat completions, which every server has, or responses."""
    structured: Structured = "auto"
    """How the form of the answer is asked for; `auto` finds the strictest way that the endpoint takes."""
    reasoning_effort: _Name | None = None
    """Effort of a reasoning model; the lowest it takes is the fastest. None: not sent."""
    service_tier: _Name | None = None
    """Speed tier. None: not sent."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Sampling temperature, 0 to 2. None: not sent, as reasoning models refuse it."""
    azure_api_version: _Name | None = None
    """Version of Azure's dated interface, which is then used. None: the plain interface."""
    allow_remote: bool = False
    """Permits an endpoint that is not on this machine."""
    token_cap: TokenCap = "auto"  # noqa: S105 - tokens of text, not a secret
    """Name of the parameter that caps the answer; `auto` finds it."""
    deadline_s: _Seconds = 4.5
    """Seconds for all questions of a report."""
    hedge: bool | None = None
    """Whether a slow call is doubled. None: yes, but not for an endpoint on this machine."""
    hedge_after_s: _Seconds = 2.0
    """Seconds after which a call counts as slow until the endpoint's own speed is known."""
    max_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """Calls for one question at most."""
    max_calls: Annotated[int, Field(ge=1, le=1000)] = 40
    """Questions for one report at most."""
    parallel: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Questions under way at once, the most telling first; 1 for a server that answers one after another. None: four at
    an endpoint on this machine, all of them elsewhere."""
    stream: bool = True
    """Whether an answer is asked for in pieces, so that what has come when the time is over is not lost."""

    @model_validator(mode="after")
    def _may_be_asked(self) -> Self:
        if self.azure_api_version is not None and self.base_url is None:
            raise ValueError("base_url beside azure_api_version: the address of the Azure resource")
        if not self.loopback and not self.allow_remote:
            raise ValueError(
                "a model endpoint on this machine. Set allow_remote = true if the coded facts of a case "
                "(no identifiers) may be sent elsewhere, or set base_url to a server on 127.0.0.1"
            )
        return self

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
    def from_toml(cls, source: Path | bytes, overrides: Mapping[str, Any] | None = None) -> Self:
        """The configuration written in a TOML file whose keys are the names of the fields.

        Args:
            source: The file or its contents; empty contents leave everything to `overrides`.
            overrides: Choices that count in place of the file's.

        Raises:
            FileAccessError: The file cannot be read.
            NarrationConfigError: It is not TOML, or holds keys or values that cannot be used; every problem is told.
        """
        name = "the model configuration"
        raw = read_toml(source, NarrationConfigError, name=name)
        return checked({**raw, **(overrides or {})}, cls, NarrationConfigError, name=name)
