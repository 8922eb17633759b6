"""In which language are people spoken to? gettext's own way: texts in English in the code, Portuguese in locale/."""

import gettext
import os
from pathlib import Path

DOMAIN = "server"
DEFAULT = "pt_BR"
FOLDER = Path(__file__).parent / "locale"


def speak(language: str) -> None:
    """Use this language ("pt_BR", "en") for every text from now on."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)


speak(os.environ.get("SERVER_LANGUAGE") or DEFAULT)
