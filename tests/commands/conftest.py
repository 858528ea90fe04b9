"""What the tests of the command line share: a call of it, in this process."""

from __future__ import annotations

import pytest

from dmft.__main__ import main


@pytest.fixture
def call_dmft(capsys, monkeypatch, tmp_path):
    """Run a command in an empty folder: (exit status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return run
