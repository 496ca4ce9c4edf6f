"""Where settings come from, what they must be, and how they are shown."""

import re

import pytest

from support.server import DONE, FAILED, USAGE


def test_show_lists_every_setting_with_its_names_and_origin(movio):
    answer = movio.run("config", "show")
    assert answer.returncode == DONE
    assert re.search(r"^media\.crf = 23$", answer.stdout, re.M)
    assert "MOVIO_MEDIA_CRF" in answer.stdout and "--media-crf" in answer.stdout
    assert "from the default" in answer.stdout and str(movio.data_dir) in answer.stdout


def test_flag_beats_environment_beats_file_beats_default(movio, workspace):
    config = workspace / "movio.toml"
    config.write_text("[media]\ncrf = 31\n[log]\nlevel = \"warn\"\n")

    def shown(*flags, **environment):
        answer = movio.run("config", "show", "--config", config, *flags, environment=environment)
        assert answer.returncode == DONE, answer.stderr
        found = re.search(r"^media\.crf = (\d+)\n.*\n.*from the (.*)$", answer.stdout, re.M)
        return found.groups()

    assert shown() == ("31", "config file")
    assert shown(MOVIO_MEDIA_CRF="32") == ("32", "environment")
    assert shown("--media-crf", "33", MOVIO_MEDIA_CRF="32") == ("33", "flag")


def test_secret_or_long_value_is_read_from_a_file(movio, workspace):
    (workspace / "crf").write_text("29\n")
    answer = movio.run("config", "show", environment={"MOVIO_MEDIA_CRF_FILE": str(workspace / "crf")})
    assert "media.crf = 29" in answer.stdout
    answer = movio.run("config", "show", environment={"MOVIO_MEDIA_CRF_FILE": str(workspace / "absent")})
    assert answer.returncode == USAGE and "absent" in answer.stderr


def test_config_file_and_data_folder_come_from_the_environment(movio, workspace):
    config = workspace / "movio.toml"
    config.write_text("[media]\ncrf = 31\n")
    answer = movio.run("config", "show", data_dir=False, environment={
        "MOVIO_CONFIG": str(config), "MOVIO_DATA_DIR": str(workspace / "elsewhere")})
    assert "media.crf = 31" in answer.stdout and str(workspace / "elsewhere") in answer.stdout


@pytest.mark.parametrize("text, words", [("[media]\ncrff = 1\n", "media.crff"), ("[media]\ncrf = 99\n", "10 to 40"),
                                         ("[media]\ncrf = \"x\"\n", "whole number"), ("[media\n", "line 1"),
                                         ("[log]\nlevel = \"loud\"\n", "debug|info|warn|error"),
                                         ("[media]\ncrf = [1]\n", "media.crf")])
def test_bad_file_is_refused_with_the_place(movio, workspace, text, words):
    config = workspace / "movio.toml"
    config.write_text(text)
    answer = movio.run("config", "show", "--config", config)
    assert answer.returncode == USAGE and words in answer.stderr, answer.stderr


def test_absent_file_is_refused(movio, workspace):
    answer = movio.run("serve", "--config", workspace / "absent.toml")
    assert answer.returncode == USAGE and "absent.toml" in answer.stderr


@pytest.mark.parametrize("keys, told", [
    ({"playback-address-key": "a" * 31}, ["playback.address_key has 31 bytes", "at least 32", "see every film"]),
    ({"playback-address-key": "a" * 32, "playback-old-address-keys": "short-secret"},
     ["playback.old_address_keys: key 1 of 1 has 12 bytes"]),
    ({"auth-signing-key": "fifteen-bytes-x"}, ["auth.signing_key has 15 bytes", "at least 16", "openssl rand"]),
    ({"auth-old-signing-keys": "y" * 16}, ["auth.old_signing_keys is set without auth.signing_key"]),
    ({"auth-signing-key": "x" * 16, "auth-old-signing-keys": f"{'y' * 16}, short-secret"},
     ["auth.old_signing_keys: key 2 of 2 has 12 bytes", "remove it"]),
    ({"auth-signing-key": "x" * 16, "auth-old-signing-keys": ",".join(f"old-key-number-{i:02}" for i in range(64))},
     ["auth.old_signing_keys names 64 keys", "at most 63", "remove the oldest"])])
def test_keys_that_cannot_sign_are_refused_and_not_shown(movio, keys, told):
    flags = [part for name, value in keys.items() for part in (f"--{name}", value)]
    for arguments, code in ((["config", "check"], FAILED), (["serve", "--listen", "127.0.0.1:0"], USAGE)):
        answer = movio.run(*arguments, *flags, timeout=20)
        assert answer.returncode == code and all(words in answer.stderr for words in told), answer.stderr
        for secret in ("fifteen-bytes-x", "short-secret", "old-key-number", "xxxx", "yyyy", "aaaa"):
            assert secret not in answer.stdout + answer.stderr
    assert not movio.data_dir.exists()


def test_keys_of_sixteen_bytes_are_valid(movio):
    flags = ["--auth-signing-key", "x" * 16, "--auth-old-signing-keys", f"{'y' * 16}, {'z' * 16}"]
    assert movio.run("config", "check", *flags).returncode == DONE


def test_unknown_environment_is_refused_except_for_tests(movio):
    answer = movio.run("serve", environment={"MOVIO_MEDIA_CFR": "20"})
    assert answer.returncode == USAGE and "MOVIO_MEDIA_CFR" in answer.stderr
    assert movio.run("config", "check", environment={"MOVIO_TEST_ANYTHING": "1"}).returncode == DONE


@pytest.mark.parametrize("flags, words", [(["--media-rungs", "nonsense"], "rungs"),
                                          (["--server-public-url", "movio.example"], "server.public_url"),
                                          (["--server-trusted-proxies", "proxy"], "trusted_proxies"),
                                          (["--limits-by-role", "viewer.search=often"], "limits.by_role"),
                                          (["--server-api-origins", "films.example"], "api_origins"),
                                          (["--media-source-retention", "burn"], "source_retention"),
                                          (["--listen", "nonsense"], "listen")])
def test_check_finds_values_that_cannot_work(movio, flags, words):
    answer = movio.run("config", "check", *flags)
    assert answer.returncode == FAILED and words in answer.stderr
    started = movio.run("serve", *flags, timeout=20)
    assert started.returncode != DONE and words in started.stderr


def test_check_is_content_with_the_defaults(movio):
    assert movio.run("config", "check").returncode == DONE
