import json
import os

import pytest
from django.core.management import CommandError, call_command

from files import shelf as disk

pytestmark = pytest.mark.django_db


def test_the_command_says_what_was_swept(capsys):
    call_command("sweep_files", json=True)
    call_command("sweep_files")

    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first) == {"dropped": 0, "missing": 0, "waiting": 0}
    assert second == "0 dropped, 0 missing, 0 waiting"


def test_the_command_fails_where_no_row_can_be_seen():
    disk.put("aa11", b"a", bytes(32), b"")
    os.utime(disk.path_of("aa11"), (0, 0))

    with pytest.raises(CommandError):
        call_command("sweep_files")
