"""What docs/deploy gives away to copy: linted, since a test can't be systemd, cron or Docker."""

from __future__ import annotations

import fnmatch
import inspect
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from byline.cli.app import app
from byline.cli.build import build
from byline.snapshots import run_metrics
from byline.snapshots.runs import GateRun, Run, StageRun
from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
KNOWN = {
    "Unit": {"Description", "After", "Wants", "OnFailure"},
    "Timer": {"OnCalendar", "Persistent", "RandomizedDelaySec"},
    "Install": {"WantedBy"},
    "Service": {
        "Type", "User", "WorkingDirectory", "Environment", "ExecStart", "TimeoutStartSec", "TimeoutStopSec", "Nice",
        "Restart", "RestartSec", "KillMode", "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp",
        "PrivateDevices", "RestrictAddressFamilies", "ReadWritePaths",
    },
}  # fmt: skip


def entries(unit: Path) -> list[tuple[str, str, str]]:
    """Return section, key and value of every line of a unit."""
    found, section = [], ""
    for line in unit.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.append((section, key, value))
    return found


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_a_unit_says_what_systemd_knows(unit, tmp_path):
    found = entries(unit)
    assert [(section, key) for section, key, _ in found if key not in KNOWN.get(section, ())] == []
    if shutil.which("systemd-analyze") is None:
        return
    for other in UNITS:  # programs of a machine to come stand for ones that are here
        text = re.sub(r"/srv/byline/\.venv/bin/\w+|/usr/sbin/sendmail", "/bin/true", other.read_text("utf-8"))
        (tmp_path / other.name).write_text(text.replace("User=byline", "User=root"))
    name = unit.name.replace("@.", "@byline.")
    if "@" in unit.name:
        shutil.copy(tmp_path / unit.name, tmp_path / name)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    said = [line for line in checked.stderr.splitlines() if str(tmp_path) in line or "byline" in line]
    assert said == []


def commands() -> list[tuple[str, list[str]]]:
    """Return the arguments of every `byline …` that runs in what is given away, with its place."""
    found = []
    for path in (*UNITS, DEPLOY / "crontab"):
        for words in re.findall(r"bin/byline ([^\n>]+)", path.read_text("utf-8")):
            found.append((path.name, shlex.split(words)))
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    found.append(("compose.yaml", compose["services"]["build"]["command"]))
    return found


@pytest.mark.parametrize(("place", "words"), commands(), ids=[place for place, _ in commands()])
def test_byline_takes_the_options_that_are_given_away(place, words):
    assert words[0] == "build"
    shown = CliRunner().invoke(app, ["build", "--help"]).output + "--log-format"
    for option in (word for word in words if word.startswith("--")):
        assert option in shown, f"{place}: {option}"


def test_a_failed_build_tells_a_person():
    assert ("Unit", "OnFailure", "byline-failed@%n.service") in entries(DEPLOY / "byline.service")
    mail = {key: value for _, key, value in entries(DEPLOY / "byline-failed@.service")}["ExecStart"]
    assert "journalctl" in mail
    assert "sendmail" in mail
    assert "MAILTO=" in (DEPLOY / "crontab").read_text("utf-8")


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, each with its arguments on one line."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line.strip()]


def test_the_image_is_pinned_and_runs_as_nobody_special():
    found = instructions()
    bases = [arguments.split()[0] for name, arguments in found if name == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
    last = found[[at for at, (name, _) in enumerate(found) if name == "FROM"][-1] :]
    assert ("USER", "byline") in last
    assert [name for name, _ in last].index("USER") < [name for name, _ in last].index("ENTRYPOINT")
    installs = [arguments for name, arguments in found if name == "RUN" and "pip install" in arguments]
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)
    assert not any(name == "ADD" or "curl" in arguments or "sudo" in arguments for name, arguments in found)


def copied() -> list[str]:
    """Return what the Dockerfile copies from the project's folder."""
    return [
        word
        for name, arguments in instructions()
        if name == "COPY" and not arguments.startswith("--from")
        for word in arguments.split()[:-1]
    ]


def test_what_the_image_copies_is_there_and_not_ignored():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    admitted = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert set(copied()) == admitted
    assert [name for name in copied() if not (ROOT / name).exists()] == []


@pytest.mark.slow  # makes a wheel
def test_what_the_image_copies_is_enough_to_install_from(tmp_path):
    for name in set(copied()):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    made = subprocess.run(
        [sys.executable, *shlex.split("-m pip wheel --no-deps --no-build-isolation -w out"), "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert list((tmp_path / "out").glob("byline-*.whl"))


def test_compose_hands_the_volumes_to_folders_that_the_image_owns():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = compose["services"]
    assert set(services) == {"server", "worker", "build"}
    made = next(arguments for name, arguments in instructions() if name == "RUN" and "chown" in arguments)
    for service in services.values():
        assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).exists()
        for mount in service["volumes"]:
            source, target = mount.split(":")[:2]
            if source.startswith("."):
                assert mount.endswith(":ro")
                assert (DEPLOY / source).resolve().is_relative_to(ROOT)
            else:
                assert source in compose["volumes"]
                assert target.replace("/project/", "") in made
    assert services["server"]["ports"] == ["127.0.0.1:4200:4200"]
    assert services["worker"]["depends_on"]["server"]["condition"] == "service_healthy"


def test_alerts_name_metrics_that_are_written():
    run = Run(
        run="r", started="2026-01-01T00:00:00Z", ended="2026-01-01T00:00:01Z", outcome="published", exit_code=0,
        seconds=1.0, records={"published": 1}, reasons={"no_header": 1}, tables={"papers": 1},
        stages=[StageRun("plan", 0.1)], gates=[GateRun("quarantine", "warn", "some")],
    )  # fmt: skip
    written = set(re.findall(r"# TYPE (\w+)", run_metrics.text(run)))
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    named = {name for rule in rules for name in re.findall(r"byline_\w+", rule["expr"])}
    assert named
    assert named <= written


def test_automations_listen_to_the_flow_and_its_block_is_named():
    automations = yaml.safe_load((DEPLOY / "automations.yaml").read_text("utf-8"))["automations"]
    assert [one["trigger"]["posture"] for one in automations] == ["Reactive", "Proactive"]
    for one in automations:
        assert one["trigger"]["match_related"]["prefect.resource.name"] == "build_dataset"
        assert one["actions"][0]["block_document_id"] == "BLOCK_DOCUMENT_ID"


def test_the_nights_of_prefect_yaml_keep_what_the_others_keep():
    parameters = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"][0]["parameters"]
    assert parameters["keep"] == 14
    assert set(parameters) <= set(inspect.signature(build).parameters)
    assert all(words[words.index("--keep") + 1] == "14" for _, words in commands())


def test_the_dockerignore_hides_the_data():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert any(fnmatch.fnmatch("data", line) for line in ignored)
    assert not any(line.startswith("!data") for line in ignored)
