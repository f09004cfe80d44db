"""The product's own settings, with an environment that tests may count on."""

import os
import tempfile
from pathlib import Path

from tests import postgres, template

_scratch = Path(tempfile.mkdtemp(prefix="abonent-tests-"))
(_scratch / "static").mkdir()
# Set by the first process of the run, inherited by its children.
os.environ.setdefault(template.FOLDER, f"{_scratch}/template")
os.environ.update(
    ABONENT_SECRET_KEY="a secret that only the tests know",
    ABONENT_DATABASE_URL=(
        postgres.url() if postgres.is_wanted() else os.environ.get("ABONENT_TEST_DATABASE_URL", "sqlite:///:memory:")
    ),
    ABONENT_EMAIL_URL="inbox:",
    ABONENT_SMS_URL="inbox:",
    ABONENT_STORAGE_URL=f"file://{_scratch}/files",
    ABONENT_STATIC_ROOT=f"{_scratch}/static",
    ABONENT_USAGE_URL=f"file://{_scratch}/usage",
    ABONENT_PROFILE="by",
    ABONENT_DEMO="1",
)

from abonent.main.settings import *  # noqa: E402, F403  # the environment comes first

# Each client of a test would otherwise look at every static file before its first request.
WHITENOISE_AUTOREFRESH = True

# Hashing a password at full strength in every test would only test patience.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A database in a file, which threads and processes of a test can share; nothing in it has to survive a power cut.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405  # from the product's settings
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}  # noqa: F405  # the same
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"  # noqa: F405  # the same
