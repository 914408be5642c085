"""What Prefect finds in its environment when a flow is started by hand.

Prefect is not imported here: it reads its settings while it is imported, and that takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path

from byline.core import threads
from byline.core.decoding import from_toml

SERVER_SECONDS = "180"
"""Prefect gives its temporary server 20 s, which a busy or small machine needs for itself."""


def spare(environment: MutableMapping[str, str]) -> None:
    """Spare this process libraries that nothing here uses, and threads that would wait.

    To be called before it imports what a build takes: pandas alone is half a second, most of a run with nothing new.
    """
    environment.setdefault("BYLINE_LEAN_IMPORTS", "1")
    threads.one_here(environment)


def prepare(environment: MutableMapping[str, str], project: Path) -> str:
    """Set what is not set: quiet, no telemetry, a home in the project for who has none; return what is waited for.

    Whoever uses Prefect already (a home, an address, or a profile of their own) keeps theirs.
    """
    server = address(environment)
    if not ({"PREFECT_HOME", "PREFECT_API_URL"} & environment.keys() or _profiles(environment).exists()):
        environment["PREFECT_HOME"] = str(project / ".prefect")
    settings = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": SERVER_SECONDS,
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the terminal has its own words; the server gets all
    }
    for name, value in settings.items():
        environment.setdefault(name, value)
    spare(environment)
    if server:
        return f"connecting to the Prefect server at {server}"
    return "starting a temporary Prefect server (about 20 s; `byline build` does the same without one)"


def address(environment: Mapping[str, str]) -> str | None:
    """Return the address of the server that is asked for, null where a temporary one would be started."""
    return environment.get("PREFECT_API_URL") or _profile_address(environment)


def _profiles(environment: Mapping[str, str]) -> Path:
    """Return where the person's profiles lie, if there are any."""
    return Path(environment.get("PREFECT_HOME") or Path.home() / ".prefect") / "profiles.toml"


def _profile_address(environment: Mapping[str, str]) -> str | None:
    """Return the server's address in the person's active profile."""
    try:
        content = from_toml(_profiles(environment).read_bytes())
        active = environment.get("PREFECT_PROFILE", content.get("active"))
        address = content.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    except (OSError, ValueError, AttributeError):
        return None
    return address if isinstance(address, str) else None


def project_folder() -> Path:
    """Return the folder that `flows/` lies in when that is a project of sources, else the working folder."""
    folder = Path(__file__).resolve().parents[2]
    return folder if (folder / "pyproject.toml").exists() else Path.cwd()
