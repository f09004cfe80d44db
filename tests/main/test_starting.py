"""Settings that are missing or mean nothing are an error at start, in words that name the variable."""

from pathlib import Path

import pytest

from tests.main.installation import Installation

REQUIRED = ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "STORAGE_URL", "USAGE_URL", "PROFILE")
MEANINGLESS = {
    "SECRET_KEY": "too short",
    "DATABASE_URL": "nosuch://x",
    "EMAIL_URL": "pigeon://roof",
    "SMS_URL": "inbox:",
    "STORAGE_URL": "files",
    "USAGE_URL": "s3://bucket",
    "NETWORK_URL": "tin-cans:",
    "PROFILE": "atlantis",
}


def said(folder: Path, name: str, value: str | None, *command: str) -> str:
    """What `abonent COMMAND` says where this variable is so; it must end with an error, and without a traceback."""
    installation = Installation(folder, f"sqlite:///{folder}/abonent.sqlite3", {f"ABONENT_{name}": value})
    done = installation.run(*(command or ("check",)), check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("name", REQUIRED)
def test_a_setting_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    assert f"ABONENT_{name}" in said(tmp_path, name, None)


def test_an_empty_secret_is_a_missing_one(tmp_path: Path) -> None:
    assert "ABONENT_SECRET_KEY" in said(tmp_path, "SECRET_KEY", "")


@pytest.mark.parametrize("name", MEANINGLESS)
def test_a_setting_that_means_nothing_is_named(name: str, tmp_path: Path) -> None:
    assert f"ABONENT_{name}" in said(tmp_path, name, MEANINGLESS[name])


def test_letters_that_nobody_would_get_are_refused_outside_the_demonstration(tmp_path: Path) -> None:
    assert "ABONENT_EMAIL_URL" in said(tmp_path, "EMAIL_URL", "inbox:")


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    assert "ABONENT_SIET_URL" in said(tmp_path, "SIET_URL", "https://example.com")


@pytest.mark.parametrize("command", ["serve", "work", "backup"])
def test_every_command_asks_for_the_settings(command: str, tmp_path: Path) -> None:
    assert "ABONENT_PROFILE" in said(tmp_path, "PROFILE", None, command)


def test_with_all_settings_it_starts_and_makemigrations_finds_nothing(tmp_path: Path) -> None:
    installation = Installation(tmp_path, f"sqlite:///{tmp_path}/abonent.sqlite3")
    assert "no issues" in installation.run("check").stdout
    assert "No changes" in installation.run("makemigrations", "--check", "--dry-run").stdout
