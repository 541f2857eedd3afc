"""A cluster that may lose its data lies in memory where there is room, and leaves nothing there for good."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from config.services.postgres import memory
from config.services.stack import Stack

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def shared_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take a directory for the machine's memory."""
    monkeypatch.setattr(memory, "_MEMORY", tmp_path)
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path)
    return tmp_path


def test_room_belongs_to_one_directory_and_goes_when_that_is_gone(shared_memory: Path) -> None:
    first, second = shared_memory / "first", shared_memory / "second"
    first.mkdir()
    second.mkdir()
    room = memory.room_in_memory(first, None)
    assert room is not None
    assert memory.room_in_memory(first, None) == room

    first.rmdir()
    other = memory.room_in_memory(second, None)
    assert other is not None
    assert other != room
    assert not room.exists()
    assert other.exists()


def test_no_room_where_memory_is_short(shared_memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**33, 2**33 - 2**30, 2**30))
    assert memory.room_in_memory(shared_memory, None) is None


def test_no_room_in_a_directory_that_somebody_else_made(shared_memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = os.geteuid() + 1
    (shared_memory / f"sightline-{stranger}").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert memory.room_in_memory(shared_memory, None) is None


def test_no_room_where_there_is_no_memory_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MEMORY", tmp_path)
    assert memory.room_in_memory(tmp_path, None) is None


def test_this_runs_cluster_answers_from_where_its_directory_leads(stack: Stack) -> None:
    data = stack.installation.postgres.data
    assert stack.run_sql("SHOW data_directory").strip() in {str(data), str(data.resolve())}
    assert (data / "postmaster.pid").exists()
