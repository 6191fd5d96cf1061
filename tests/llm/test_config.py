"""A configuration that cannot be used, or must not be, is refused where it is written."""

from __future__ import annotations

import dataclasses
from typing import get_type_hints

import pytest

from report_gen.errors import ExitCode, NarrationConfigError
from report_gen.llm.config import _WANTS, EndpointConfig, is_loopback

HERE = "http://127.0.0.1:8000/v1"


class TestWhere:
    @pytest.mark.parametrize(
        "base_url",
        [HERE, "http://127.9.9.9", "https://localhost:1/v1", "http://LOCALHOST", "http://[::1]:8000/v1"],
    )
    def test_on_this_machine(self, base_url):
        """Loopback addresses written out, and localhost."""
        assert is_loopback(base_url)
        assert EndpointConfig("m", base_url=base_url).loopback

    @pytest.mark.parametrize(
        "base_url",
        [
            None,
            "https://api.openai.com/v1",
            "http://192.168.0.7:8000",
            "http://0.0.0.0:8000",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://127.1",
            "http://2130706433",
            "http://[::ffff:192.0.2.1]",
        ],
    )
    def test_elsewhere_needs_permission(self, base_url):
        """Including what only looks like this machine; the message does not repeat the address."""
        with pytest.raises(NarrationConfigError, match="allow_remote = true") as caught:
            EndpointConfig("m", base_url=base_url)
        assert (caught.value.code, caught.value.exit_code) == ("llm.remote", ExitCode.USAGE)
        assert "192" not in str(caught.value)
        assert not EndpointConfig("m", base_url=base_url, allow_remote=True).loopback

    @pytest.mark.parametrize(
        "base_url",
        [
            "",
            "127.0.0.1:8000",
            "ftp://127.0.0.1",
            "http://",
            "http:///v1",
            "http://user:pass@127.0.0.1",
            "http://127.0.0.1@evil.example",
            "http://127.0.0.1\\@evil.example",
            "http://127.0.0.1:8000/v1?key=x",
            "http://127.0.0.1:8000/v1#x",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:8000/ v1",
            "http://127.0.0.1\t/v1",
            "http://127.0.0.1\n",
            "http://lоcalhost",
            "http://[::1",
        ],
    )
    def test_an_address_that_two_readers_could_read_differently_is_refused(self, base_url):
        """Or that holds more than an address; it is not repeated, as it may hold a password."""
        with pytest.raises(ValueError, match="base_url is http://") as caught:
            EndpointConfig("m", base_url=base_url, allow_remote=True)
        assert "evil" not in str(caught.value)
        assert "pass@" not in str(caught.value)


class TestValues:
    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"model": ""}, "model is empty"),
            ({"model": "a\nb"}, "model is empty or holds control characters"),
            ({"model": None}, "model is str, not NoneType"),
            ({"api": "completions"}, "api is one of chat, responses"),
            ({"structured": "strict"}, "structured is one of auto, json_schema"),
            ({"token_cap": "n_predict"}, "token_cap is one of auto"),
            ({"reasoning_effort": " "}, "reasoning_effort is empty"),
            ({"azure_api_version": "2026-01-01", "base_url": None}, "azure_api_version needs base_url"),
            ({"api_key_env": "sk-12"}, "api_key_env is the name of an environment variable"),
            ({"allow_remote": "yes"}, "allow_remote is bool, not str"),
            ({"allow_remote": 1}, "allow_remote is bool, not int"),
            ({"hedge": "on"}, "hedge is bool or nothing, not str"),
            ({"max_calls": True}, "max_calls is int, not bool"),
            ({"max_calls": 0}, "max_calls is from 1 to"),
            ({"max_attempts": 11}, "max_attempts is from 1 to 10"),
            ({"deadline_s": 0}, "deadline_s is more than 0"),
            ({"deadline_s": float("nan")}, "deadline_s is more than 0"),
            ({"deadline_s": 61}, "at most 60 seconds"),
            ({"hedge_after_s": -1.0}, "hedge_after_s is more than 0"),
            ({"temperature": 2.1}, "temperature is from 0 to 2"),
            ({"temperature": float("nan")}, "temperature is from 0 to 2"),
        ],
    )
    def test_one_that_cannot_be_used_is_named(self, fields, message):
        """With what to write instead."""
        with pytest.raises(ValueError, match=message):
            EndpointConfig(**{"model": "m", "base_url": HERE, **fields})

    def test_a_key_written_by_mistake_is_not_repeated(self):
        """Its place is the environment."""
        with pytest.raises(ValueError, match="api_key_env") as caught:
            EndpointConfig("m", base_url=HERE, api_key_env="sk-secret-1")
        assert "sk-secret" not in str(caught.value)

    def test_every_field_has_a_check_of_its_type(self):
        """A new field cannot be forgotten, nor an optional one refuse to be left out."""
        hints = get_type_hints(EndpointConfig)
        assert set(_WANTS) == {field.name for field in dataclasses.fields(EndpointConfig)}
        assert {name for name in hints if type(None) in _WANTS[name]} == {
            name for name, hint in hints.items() if "None" in str(hint)
        }

    def test_it_cannot_be_changed(self):
        """One value for all threads."""
        with pytest.raises(dataclasses.FrozenInstanceError):
            EndpointConfig("m", base_url=HERE).model = "other"

    @pytest.mark.parametrize(
        ("fields", "hosted"),
        [
            ({"base_url": None}, True),
            ({"base_url": "https://eu.api.openai.com/v1"}, True),
            ({"base_url": "https://r.openai.azure.com/openai/v1"}, True),
            ({"base_url": "https://gateway.example/azure", "azure_api_version": "2026-01-01"}, True),
            ({"base_url": "https://notopenai.com/v1"}, False),
            ({"base_url": HERE}, False),
        ],
    )
    def test_openai_and_azure_are_known_by_their_hosts(self, fields, hosted):
        """The whole name or a part of it after a dot."""
        assert EndpointConfig("m", allow_remote=True, **fields).hosted_by_openai is hosted

    def test_whether_a_key_is_there(self, monkeypatch):
        """Blank is not there."""
        config = EndpointConfig("m", base_url=HERE, api_key_env="SOME_KEY")
        for value, present in (("", False), (" ", False), ("k", True)):
            monkeypatch.setenv("SOME_KEY", value)
            assert config.key_present is present


class TestProvenance:
    def test_says_what_was_asked_without_secrets(self):
        """No address and no name of the key's variable."""
        config = EndpointConfig("m", base_url="https://gateway.example", allow_remote=True, api_key_env="SOME_KEY")
        assert config.provenance() == {
            "endpoint": "remote",
            "allow_remote": True,
            "model": "m",
            "api": "chat",
            "structured": "auto",
        }
        assert EndpointConfig("m", base_url=HERE).provenance()["endpoint"] == "loopback"


class TestFile:
    def test_the_keys_are_the_fields(self, tmp_path):
        """From bytes or from a file."""
        text = f'model = "m"\nbase_url = "{HERE}"\nhedge = true\ndeadline_s = 3\n'
        (tmp_path / "model.toml").write_text(text)
        expected = EndpointConfig("m", base_url=HERE, hedge=True, deadline_s=3)
        assert EndpointConfig.from_toml(text.encode()) == expected
        assert EndpointConfig.from_toml(tmp_path / "model.toml") == expected

    @pytest.mark.parametrize(
        ("text", "code", "message"),
        [
            (
                'modle = "m"\nkey = "x"\n',
                "llm.config_keys",
                "unknown keys: 'key', 'modle'. Remove them or use one of: model",
            ),
            (f'base_url = "{HERE}"', "llm.config_model", "names no model"),
            ('model = "m"\napi = "x"', "llm.config_value", "api is one of"),
            ('model = "m"', "llm.remote", "allow_remote"),
            ('model = "m', "llm.config_toml", "not TOML"),
            ("model = 1979-05-27", "llm.config_value", "model is str, not date"),
        ],
    )
    def test_one_that_cannot_be_used(self, text, code, message):
        """All unknown keys are named at once."""
        with pytest.raises(NarrationConfigError, match=message) as caught:
            EndpointConfig.from_toml(text.encode())
        assert caught.value.code == code

    @pytest.mark.parametrize("data", [b"\xff", b"a = " + b"[" * 100_000])
    def test_bytes_that_are_no_toml(self, data):
        """No crash."""
        with pytest.raises(NarrationConfigError, match="not TOML"):
            EndpointConfig.from_toml(data)

    def test_a_line_that_is_wrong_is_not_repeated(self):
        """It may hold the key."""
        with pytest.raises(NarrationConfigError) as caught:
            EndpointConfig.from_toml(b"api_key = sk-secret-1")
        assert "sk-secret" not in str(caught.value)
        assert caught.value.__context__ is None

    def test_a_file_that_cannot_be_read(self, tmp_path):
        """It is said."""
        with pytest.raises(NarrationConfigError, match="cannot be read"):
            EndpointConfig.from_toml(tmp_path / "missing.toml")
