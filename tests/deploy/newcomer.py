"""Follows docs/deploy.md word by word in a fresh Debian, and prints what was typed and answered.

    sudo .venv/bin/python -m tests.deploy.newcomer FOLDER > transcript.txt

debootstrap makes the Debian in FOLDER unless it is there, and systemd-nspawn boots it with its own
systemd. Every command block of the section "systemd" is read from the document and typed there. The
names discord.com and gateway.discord.gg lead to a local Discord on this machine, whose certificate
the Debian trusts. So the bot is the one that runs in production, with nothing of the playground.

The release NEW is this commit with one more migration, made for this run; OLD is this commit.
"""

import asyncio
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.playground import LocalDiscord, Person, default_world, start
from bot.playground.world.state import TOKEN

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = "ca-certificates,dbus,docker-compose,git,pipx,python3,python3-venv,systemd-sysv"
HOSTS = "127.0.0.1 localhost discord.com gateway.discord.gg cdn.discordapp.com\n"
TLS_PORT = 443
HOME = "/srv/newcomer"
CHECKOUT = f"{HOME}/matinee"
MIGRATION = '''"""Made for a try."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "try", "{head}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table("tried", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("tried")
'''


def blocks(section: str, part: str) -> list[str]:
    """Returns the command blocks of a part of a section of docs/deploy.md, unchanged."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    text = re.split(rf"^## {section}$", text, flags=re.M)[1].split("\n## ")[0]
    text = re.split(rf"^### {part}$", text, flags=re.M)[1].split("\n### ")[0] if part else text
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.M | re.S)


class Debian:
    """A fresh Debian that runs in a container of systemd's.

    Attributes:
        folder: its file system.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._leader = 0

    def make(self, ca_pem: bytes) -> None:
        """Makes the file system, with the source of this commit in it."""
        if not (self.folder / "etc").is_dir():
            command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm"]
            subprocess.run([*command, str(self.folder)], check=True, stdout=sys.stderr)
        (self.folder / "etc" / "hosts").write_text(HOSTS)
        trusted = self.folder / "usr" / "local" / "share" / "ca-certificates"
        (trusted / "local-discord.crt").write_bytes(ca_pem)
        subprocess.run(["chroot", str(self.folder), "update-ca-certificates"], check=True,
                       capture_output=True)  # fmt: skip
        bundle = self.folder / "etc" / "ssl" / "certs" / "ca-certificates.crt"
        # This machine's own authorities: perhaps packages are reached only with them.
        bundle.write_bytes(
            bundle.read_bytes() + Path("/etc/ssl/certs/ca-certificates.crt").read_bytes()
        )
        source = self.folder / CHECKOUT.lstrip("/")
        shutil.rmtree(source, ignore_errors=True)
        git = ["git", "-c", "user.name=x", "-c", "user.email=x@localhost"]
        subprocess.run([*git, "clone", "--quiet", str(ROOT), str(source)], check=True)
        versions = source / "storage" / "migrations" / "versions"
        head = max(path.name[:4] for path in versions.glob("0*.py"))
        (versions / "try.py").write_text(MIGRATION.format(head=head))
        for words in (
            ["tag", "OLD"], ["add", "--all"], ["commit", "--quiet", "-m", "a further migration"],
            ["tag", "NEW"], ["checkout", "--quiet", "OLD"],
        ):  # fmt: skip
            subprocess.run([*git, "-C", str(source), *words], check=True)

    async def boot(self) -> asyncio.subprocess.Process:
        """Boots it. Returns the container's process."""
        container = await asyncio.create_subprocess_exec(
            *("systemd-nspawn", "--quiet", "-D", str(self.folder), "--boot", "--register=no"),
            *("--keep-unit", "--console=pipe", "--resolv-conf=copy-host"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        while True:
            if children := children_of(container.pid):
                self._leader = children[0]
                if "running" in await self.type("systemctl is-system-running", quiet=True):
                    return container
            await asyncio.sleep(0.5)

    async def type(self, commands: str, given: str = "", *, quiet: bool = False) -> str:
        """Types commands as root in the folder of the source. Prints and returns what comes.

        given: what is typed when a command reads from the terminal.
        """
        if not quiet:
            print("\n".join(f"# {line}" for line in commands.strip().splitlines()), flush=True)
        process = await asyncio.create_subprocess_exec(
            *("nsenter", "-t", str(self._leader), "-m", "-p", "-i", "-u", "-C", "--"),
            *(
                "env",
                "-i",
                f"HOME={HOME}",
                "LANG=C.UTF-8",
                "PATH=/usr/local/bin:/usr/sbin:/usr/bin",
            ),
            *("timeout", "600", "bash", "-ec", f"cd {CHECKOUT}; {commands}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out = (await process.communicate(given.encode()))[0].decode(errors="replace")
        if not quiet:
            print(out.rstrip() or "", f"\n(exit status {process.returncode})\n", flush=True)
        return out


def children_of(number: int) -> list[int]:
    """Returns the ids of a process' children."""
    return [int(one) for one in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


async def relay(local: LocalDiscord) -> asyncio.Server:
    """Opens the port of HTTPS on this machine for the local Discord."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", local.port)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    return await asyncio.start_server(join, "127.0.0.1", TLS_PORT)


async def rate(local: LocalDiscord, title: str) -> None:
    """Rates a film as a member of the local Discord."""
    async with Person(local.page_url, "mira") as mira:
        outcome = await mira.command("films", "rate", film=title, stars=5.0)
    print(f"(On Discord, Mira rates {title}: {outcome.error or outcome.text})\n", flush=True)


RATINGS = (
    "python3 -c \"import sqlite3; db = sqlite3.connect('/var/lib/matinee/matinee.sqlite3'); print("
    "*db.execute('select title, stars from ratings join films on film_id = films.id'))\""
)


async def systemd(debian: Debian, local: LocalDiscord) -> None:
    """Follows the section "systemd"."""
    (first,) = blocks("systemd", "First start")
    token = f"{TOKEN}\n"
    local.let_identify()
    await debian.type(first, token)
    await debian.type("systemd-analyze verify /etc/systemd/system/matinee.service")
    await debian.type(
        "systemctl status --no-pager matinee; systemctl show matinee -p User -p ExecStart"
    )
    await debian.type(
        'cd "/proc/$(systemctl show -P MainPID matinee)"; stat -c %U .;'
        "tr '\\0' '\\n' < environ | grep -E 'MATINEE|TOKEN|CREDENTIALS'"
    )
    await debian.type("matinee healthcheck")
    await rate(local, "Paddington 2 (2017)")
    await debian.type(*blocks("systemd", "Back up"))
    await rate(local, "Heat (1995)")
    await debian.type(RATINGS)
    local.let_identify()
    await debian.type(*blocks("systemd", "Restore"))
    await debian.type(RATINGS)
    local.let_identify()
    await debian.type(*blocks("systemd", "Update"))
    await rate(local, "Heat (1995)")
    await debian.type(RATINGS)
    local.let_identify()
    await debian.type(*blocks("systemd", "Roll back"))
    await debian.type(RATINGS)
    away, here = blocks("systemd", "Move")
    await debian.type(away)
    await debian.type("rm -rf /var/lib/matinee /opt/matinee /etc/matinee; userdel matinee")
    await debian.type(first.partition("systemctl enable")[0], token)
    local.let_identify()
    await debian.type(here)
    await debian.type(RATINGS)
    await debian.type("systemctl stop matinee; matinee healthcheck")


async def others(debian: Debian) -> None:
    """Checks the compose file, and follows the section "pipx or uv"."""
    await debian.type("docker-compose -f compose.yaml config")
    (install,) = blocks("pipx or uv", "")
    await debian.type(install)
    shell = "PATH=~/.local/bin:$PATH; mkdir -p ~/films; cd ~/films;"
    await debian.type(f"{shell} matinee catalogue check | tail -2; matinee doctor --offline")
    await debian.type(f"{shell} matinee play")
    await debian.type("pipx inject matinee trustme")
    await debian.type(
        f"{shell} (matinee play > log 2>&1 & echo $! > pid); sleep 2;"
        "for _ in $(seq 60); do matinee healthcheck && break; sleep 2; done; cat log;"
        "python3 -c \"import urllib.request as r; print(r.urlopen('http://127.0.0.1:8321').status)\";"
        "kill $(cat pid)"
    )


async def main(folder: Path) -> None:
    """Makes the Debian, boots it and follows the document.

    folder: its file system.
    """
    debian = Debian(folder)
    async with start(default_world(datetime.now(UTC))) as local:
        debian.make(local.ca_pem)
        async with await relay(local):
            container = await debian.boot()
            try:
                await systemd(debian, local)
                await others(debian)
            finally:
                container.terminate()
                await container.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).absolute()))
