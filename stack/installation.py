"""One installation: where its data lie, and what each of its processes is told."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from stack.paths import data_dir
from stack.secretfiles import make_key_ring, make_secret, make_signing_key

# Which database role each process logs in with. The scheduler only queues: the relay's is enough.
ROLES = {"web": "web", "worker": "worker", "relay": "relay", "sealer": "seal", "beat": "relay"}
# The sealer alone may sign.
SIGNING_KEY = "AUDIT_SIGNING_KEY_FILE"
# Never handed on to a process that has no business with it.
OWNERS_ONLY = {"DATABASE_URL", "REDIS_URL", "DEMO_PASSWORD", SIGNING_KEY} | {
    f"{role.upper()}_DATABASE_PASSWORD" for role in ROLES.values()
}


class Installation:
    """What `make run` was told by the environment, and the files it keeps below `DATA_DIR`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.data = data_dir(environ)
        self.logs = self.data / "logs"
        self.secrets = self.data / "secrets"
        self.state_file = self.data / "state.json"
        self.lock_file = self.data / "lock"
        self.stamps_file = self.data / "stamps.json"
        self.port = port(environ.get("PORT") or "8000")
        self.is_demo = environ.get("DEMO", "1") != "0"
        self.is_https = environ.get("HTTPS", "0") == "1"
        self.app_env = environ.get("APP_ENV") or ("demo" if self.is_demo else "development")
        self.given_database = environ.get("DATABASE_URL", "")
        self.given_broker = environ.get("REDIS_URL", "")

    @property
    def address(self) -> str:
        return f"{'https' if self.is_https else 'http'}://127.0.0.1:{self.port}/"

    @property
    def certificates(self) -> Path:
        """The folder of the certificates made for this machine."""
        return self.secrets / "tls"

    def make(self) -> None:
        """Make the directories and, once, the secrets."""
        # Root's database runs as another account, which has to pass through here.
        self.data.mkdir(parents=True, exist_ok=True, mode=0o711 if os.getuid() == 0 else 0o700)
        for folder in (self.logs, self.data / "static", self.data / "beat"):
            folder.mkdir(exist_ok=True)
        self.secrets.mkdir(exist_ok=True, mode=0o700)
        make_key_ring(self.secrets / "key-ring.json")
        make_secret(self.secrets / "secret-key")
        make_signing_key(self.secrets / "audit-signing-key")
        self._keep_to_one_kind()

    def _keep_to_one_kind(self) -> None:
        """Refuse to mix invented people with real ones. Raises SystemExit."""
        kind, mark = "demo" if self.is_demo else "real", self.data / "kind"
        if not mark.exists():
            mark.write_text(kind)
        if mark.read_text() != kind:
            raise SystemExit(
                f"{self.data} holds {mark.read_text()} data, and this start is for {kind} data: "
                "choose another directory with DATA_DIR."
            )

    def demo_password(self) -> str:
        """The given one, else one that is made up at the first start and kept."""
        if given := self.environ.get("DEMO_PASSWORD"):
            return given
        path = self.secrets / "demo-password"
        if not path.exists():
            letters = "abcdefghijkmnpqrstuvwxyz23456789"
            groups = ("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
            path.touch(mode=0o600)
            path.write_text("-".join(groups))
        return path.read_text()

    def common(self, redis_url: str) -> dict[str, str]:
        """What every process is told."""
        told = {name: value for name, value in self.environ.items() if name not in OWNERS_ONLY}
        told.setdefault("KEY_RING_FILE", str(self.secrets / "key-ring.json"))
        told.setdefault("STATIC_ROOT", str(self.data / "static"))
        told.setdefault("AUDIT_ANCHORS_FILE", str(self.data / "audit/anchors.jsonl"))
        told.setdefault("FILES_DIR", str(self.data / "files"))
        told.setdefault("POST_DIR", str(self.data / "post"))
        told.setdefault("ERASURE_LEDGER_FILE", str(self.data / "erasure-ledger.jsonl"))
        if not {"SECRET_KEY", "SECRET_KEY_FILE"} & told.keys():
            told["SECRET_KEY_FILE"] = str(self.secrets / "secret-key")
        if self.is_https:
            told["COOKIES_SECURE"] = "true"
        return told | {
            "APP_ENV": self.app_env,
            "REDIS_URL": redis_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def owner(self, redis_url: str, owner_url: str) -> dict[str, str]:
        """What the one-time steps are told: the owner's database and all passwords."""
        told = self.common(redis_url) | {"DATABASE_URL": owner_url}
        if self.given_database:
            told |= {f"{role.upper()}_DATABASE_PASSWORD": self._password(role) for role in roles()}
        if self.is_demo:
            told |= {"DEMO_PASSWORD": self.demo_password()}
        return told

    def process(self, name: str, redis_url: str, owner_url: str) -> dict[str, str]:
        """What one process is told: the database under its own unprivileged role."""
        role = ROLES[name]
        account = f"casework_{role}"
        if self.given_database:
            account += f":{quote(self._password(role), safe='')}"
        found = urlsplit(owner_url)
        server = found.netloc.rpartition("@")[2]
        url = found._replace(netloc=f"{account}@{server}").geturl()
        told = self.common(redis_url) | {"DATABASE_URL": url}
        if name == "sealer":
            own = str(self.secrets / "audit-signing-key")
            told[SIGNING_KEY] = self.environ.get(SIGNING_KEY) or own
        return told

    def _password(self, role: str) -> str:
        """A role's password at a given server: given too, else made once."""
        given = self.environ.get(f"{role.upper()}_DATABASE_PASSWORD")
        return given or make_secret(self.secrets / f"{role}-database-password")

    def write_state(self, state: dict[str, object]) -> None:
        part = self.state_file.with_suffix(".part")
        part.write_text(json.dumps(state, indent=1))
        part.replace(self.state_file)


def roles() -> list[str]:
    return sorted(set(ROLES.values()))


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT={text} is not a port: give a number from 1 to 65535.")
    return int(text)
