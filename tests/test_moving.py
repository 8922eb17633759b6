"""Does a house move with nothing but a backup and a fresh checkout, as docs/vps.md tells it?"""

import shutil
from pathlib import Path

import httpx
import pytest

from tests.rig_upgrade import House

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
BACKUP = (".venv/bin/python", "-m", "scripts.backup")


def test_the_new_house_has_all_that_was_in_the_old_one_and_waits_to_be_let_go_on(tmp_path: Path) -> None:
    old = House(tmp_path / "old")
    (old.house / "config" / "accounts.toml").write_text('[account.loja2]\nwebhook_token = "another-shops-token"\n')
    (old.house / "plugins" / "ours.py").write_text("X = 1\n")
    old.start()
    try:
        statuses = [old.send(), old.send()]
    finally:
        old.systemd.end()
    retired = old.run(*BACKUP, "--retire")
    (file,) = old.backups
    new = House(tmp_path / "new", old.port)
    (new.house / ".env").unlink()
    restored = new.run(*BACKUP, "--restore", str(file))
    again = new.run(*BACKUP, "--restore", str(file))
    new.start()
    try:
        events = new.events()
        accounts = httpx.get(
            f"{new.url}/admin/api/accounts", headers={"Authorization": "Bearer an-admin-token"}, trust_env=False
        ).json()["items"]
    finally:
        new.systemd.end()

    assert statuses == [200, 200]
    assert retired.returncode == restored.returncode == 0, retired.stderr + restored.stderr
    assert "The server stands by" in restored.stdout
    assert again.returncode == 1, "its store is not the backup's any more: it says that it stands by"
    assert events == 2
    assert [each["id"] for each in accounts] == ["account_1", "loja2"]
    assert (new.house / "plugins" / "ours.py").read_text() == "X = 1\n"
    assert (new.house / ".env").read_text() == (old.house / ".env").read_text()
    assert new.git("status", "--porcelain") == "?? plugins/ours.py"
