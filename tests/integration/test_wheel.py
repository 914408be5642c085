"""byline from its wheel, in an environment of its own and a folder with packages named `schemas` and `flows`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.conftest import LISTING, ROOT, files_of

pytestmark = pytest.mark.slow

NAMES = {"byline", "byline_schemas", "byline_flows"}


MORE = (
    "LGMar 4, 2024\nQuiet machines of the northern coast: a survey of their usesIda Lundgren, Per Holmqvist\n"
    "We describe the machines, ask their keepers what they do with them, and count the answers.\n"
)


@dataclass(frozen=True)
class Installed:
    """An environment with byline from its wheel, and the folder that commands run in."""

    python: Path
    folder: Path

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment; nothing of the checkout is on its path."""
        kept = {
            name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}
        }
        program = self.python.with_name(words[0])
        return subprocess.run(
            [program, *words[1:]],
            cwd=self.folder,
            env={**kept, "DO_NOT_TRACK": "1", **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def byline(self, *words: str) -> str:
        """Run a command of byline that ends well; return what it printed."""
        ended = self.run("byline", *words)
        assert ended.returncode == 0, f"{words}: {ended.stderr}"
        return ended.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        ROOT,
    ]
    subprocess.run(command, check=True)
    (built,) = folder.glob("*.whl")
    return built


def project(folder: Path) -> Path:
    """Make a folder as another project has it: listings, and packages of its own named as ours are in the checkout."""
    for name in ("schemas", "flows"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise RuntimeError('not yours')\n")
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "data" / "raw" / "listing.txt").write_bytes(LISTING.read_bytes())
    return folder


@pytest.fixture(scope="module")
def base(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel and its dependencies, as the lock has them, into an empty environment."""
    home = tmp_path_factory.mktemp("base")
    venv.create(home / "env", with_pip=True)
    pins = re.findall(r"^[\w.-]+==[^\\\n]*", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    (home / "pins.txt").write_text("\n".join(pins))
    installed = Installed(home / "env" / "bin" / "python", project(home / "project"))
    done = installed.run("python", "-m", "pip", "install", "-q", "-c", str(home / "pins.txt"), str(wheel))
    assert done.returncode == 0, done.stderr
    return installed


def test_the_wheel_holds_byline_s_names_only_and_the_resources(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == NAMES
    resources = {
        path.relative_to(ROOT / "src").as_posix() for path in ROOT.glob("src/byline/resources/**/*.*")
    }
    assert resources <= set(names)
    assert "byline/py.typed" in names


def test_the_base_installation_has_none_of_the_extras(base):
    listed = {line.partition("==")[0].lower() for line in base.run("pip", "freeze").stdout.splitlines()}
    assert not {"prefect", "fastapi", "dask", "distributed", "obstore", "pandas", "duckdb"} & listed
    assert {"polars", "pyarrow", "numpy"} <= listed


def test_every_command_works_from_the_wheel(base, real_build):
    assert re.match(r"byline \d+\.\d+", base.byline("--version"))
    base.byline("build", "--check")
    assert "published snapshot" in base.byline("build")
    snapshot = Path(base.byline("path").strip())
    assert files_of(snapshot) == files_of(real_build)
    base.byline("validate", "data/processed")
    base.byline("explain", "data/raw/listing.txt:1")
    base.byline("review")
    (base.folder / "data" / "raw" / "more.txt").write_text(MORE)
    base.byline("build")
    assert len(base.byline("log").splitlines()) >= 2
    base.byline("diff", f"data/processed/snapshots/{snapshot.name}", "data/processed")
    base.byline("rollback")
    assert "nothing to remove" in base.byline("prune", "--keep", "1")  # readers have a day


def test_types_travel_with_the_wheel(base):
    code = "import byline, byline_schemas; print(byline.__version__, len(byline_schemas.TABLES))"
    done = base.run("python", "-c", code)
    assert done.returncode == 0, done.stderr
    assert re.match(r"\d+\.\d+.* 8", done.stdout)


def test_the_workflow_for_datasets_works_in_another_repository(base, tmp_path):
    """docs/ci/validate.yml, every command but the installing, with a listing and a dataset of one's own."""
    workflow = yaml.safe_load((ROOT / "docs" / "ci" / "validate.yml").read_text("utf-8"))
    commands = [step["run"] for step in workflow["jobs"]["validate"]["steps"] if "run" in step]
    assert len(commands) == 4
    (tmp_path / "byline").symlink_to(base.python.parents[1])
    base.byline("build")
    for command in [commands[0], *commands[2:]]:
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=base.folder,
            env={"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path), "BYLINE": "a wheel"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
    assert "<testsuite " in (base.folder / "validate.xml").read_text()


@pytest.fixture(scope="module")
def full(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel alone; its libraries are those of the environment of the tests, the extras among them."""
    home = tmp_path_factory.mktemp("full")
    venv.create(home / "env", with_pip=False)
    python = home / "env" / "bin" / "python"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-deps",
        wheel,
    ]
    subprocess.run(command, check=True)
    place = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    (Path(place.stdout.strip()) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(python, project(home / "project"))


@pytest.mark.prefect
def test_the_flow_by_hand_works_from_the_wheel(full, real_build):
    done = full.run("python", "-m", "byline_flows")
    assert done.returncode == 0, done.stderr
    assert files_of((full.folder / "data" / "processed" / "current").resolve()) == files_of(real_build)


DEPLOYMENT = """
name: elsewhere
deployments:
  - name: nightly
    entrypoint: byline_flows.dataset.build_dataset
    parameters: {raw: data/raw, out: data/deployed, workers: 0}
    work_pool: {name: elsewhere}
"""


@pytest.mark.prefect
def test_a_deployment_works_from_the_wheel(full, server, real_build):
    """As docs/scheduling.md says for an installation without a checkout."""
    (full.folder / "prefect.yaml").write_text(DEPLOYMENT)
    about = {name: server.environment[name] for name in ("PREFECT_API_URL", "PREFECT_HOME", "HOME")}
    prefect = ("python", "-m", "prefect", "--no-prompt")
    for words in (
        ("work-pool", "create", "elsewhere", "--type", "process"),
        ("deploy", "--all"),
        ("deployment", "run", "build_dataset/nightly"),
        ("worker", "start", "--pool", "elsewhere", "--type", "process", "--run-once"),
    ):
        done = full.run(*prefect, *words, **about)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    assert files_of((full.folder / "data" / "deployed" / "current").resolve()) == files_of(real_build)
