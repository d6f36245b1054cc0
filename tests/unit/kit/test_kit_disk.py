"""How full a disk is."""

from pathlib import Path

import pytest

from oim.kit import disk
from oim.kit.disk import DiskLevel, disk_level, has_room


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (99_000_000, 10**12, DiskLevel.FULL),
        (99_000_000, 10**8, DiskLevel.FULL),  # however small the disk
        (150_000_000, 10**9, DiskLevel.LOW),
        (99 * 10**9, 10**12, DiskLevel.LOW),
        (101 * 10**9, 10**12, DiskLevel.WELL),
    ],
)
def test_the_level_goes_by_share_and_by_bytes(
    monkeypatch: pytest.MonkeyPatch, free: int, total: int, level: DiskLevel
) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: (free, total))
    assert disk_level(Path("/")) is level
    assert has_room(Path("/")) is (level is not DiskLevel.FULL)


def test_a_folder_that_does_not_exist_has_room(tmp_path: Path) -> None:
    assert disk_level(tmp_path / "none") is DiskLevel.WELL
