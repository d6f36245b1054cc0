"""A database is made with the tables of all features, whatever its process has imported."""

import subprocess
import sys
from pathlib import Path

from oim.migrations.models import METADATA

PROGRAM = """
from pathlib import Path
from oim import bootstrap
from oim.kit.crypto import create_ring
from oim.kit.db import Base
from oim.kit.settings import Settings

settings = Settings(home=Path({home!r}), database_url="postgresql://nobody@127.0.0.1:1/none")
settings.ring_file.parent.mkdir(parents=True)
create_ring(settings.ring_file)
bootstrap.database(settings).close()
print(*sorted(table.name for table in Base.metadata.sorted_tables))
"""


def test_a_process_that_imports_no_feature_knows_every_table(tmp_path: Path) -> None:
    # In a process of its own: in this one all features may be imported already.
    program = PROGRAM.format(home=str(tmp_path / "home"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == sorted(METADATA.tables)
