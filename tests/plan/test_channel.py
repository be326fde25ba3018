import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from workbench.plan.channel import (
    PRESETS,
    Channel,
    FolderChannel,
    SandboxChannel,
    SmtpChannel,
    check,
    is_address,
)

ANY: TypeAdapter[Channel] = TypeAdapter(Channel)


def wheres(channel: Channel) -> list[str]:
    return [problem.where for problem in check(channel)]


@pytest.mark.parametrize("channel", [SmtpChannel(name="a", host="b"), SandboxChannel(), FolderChannel(path="out")])
def test_a_channel_is_told_apart_by_its_kind(channel: Channel) -> None:
    assert ANY.validate_json(channel.to_json()) == channel
    assert check(channel) == ()


def test_no_channel_has_a_place_for_a_password() -> None:
    with pytest.raises(ValidationError):
        SmtpChannel.model_validate({"name": "a", "host": "b", "password": "x"})


@pytest.mark.parametrize(
    "fault", [{"port": 0}, {"port": 65536}, {"connections": 0}, {"rate": -1}, {"security": "ssl"}, {"rate": 1e9}]
)
def test_settings_out_of_range_are_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SmtpChannel.model_validate({"name": "a", "host": "b", **fault})


@pytest.mark.parametrize("host", ["", "  ", "mail example.com", "smtp://example.com", "a\nb"])
def test_a_host_is_a_server_name(host: str) -> None:
    assert wheres(SmtpChannel(name="a", host=host)) == ["host"]


def test_a_password_does_not_cross_the_network_unprotected() -> None:
    assert wheres(SmtpChannel(name="a", host="mail.example.com", user="u", security="none")) == ["security"]
    assert wheres(SmtpChannel(name="a", host="localhost", user="u", security="none")) == []
    assert wheres(SmtpChannel(name="a", host="mail.example.com", security="none")) == []


def test_a_folder_channel_needs_its_folder() -> None:
    assert wheres(FolderChannel(path="")) == ["path"]


def test_name_and_sender_are_checked_on_every_kind() -> None:
    for channel in (
        SmtpChannel(host="h", from_address="nobody"),
        SandboxChannel(name="", from_address="nobody"),
        FolderChannel(name=" ", path="p", from_address="nobody"),
    ):
        assert wheres(channel) == ["name", "from_address"]


@pytest.mark.parametrize("address", ["a@example.com", "a+b@example.org", "ünï@exämple.com", '"a@b"@example.com'])
def test_an_address_has_two_sides(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "a", "@example.com", "a@", "a b@example.com", "a@.com", "a@example.com.", "<a@example.com>", "a@b,c@d",
     "a@example.com\r\nBcc: b@example.com", "a\x00@example.com"],
)  # fmt: skip
def test_what_could_break_a_header_is_not_an_address(address: str) -> None:
    assert not is_address(address)


@given(st.text(alphabet=st.sampled_from("a@.\r\n\x0b\x85\u2028 <>,;")))
def test_no_address_ends_a_line(text: str) -> None:
    if is_address(text):
        assert len(text.splitlines()) == 1


def test_presets_start_a_channel_without_problems() -> None:
    assert len({preset.key for preset in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        channel = SmtpChannel(name=preset.name, host=preset.host, port=preset.port, security=preset.security)
        assert check(channel) == ()
