"""Makes lintscale/secrets/gitleaks.json of the published rules of gitleaks.

    python tools/secret_shapes.py path/to/gitleaks/config/gitleaks.toml

Left out are rules that name no shape of a value (a path, a file's structure), and two whose
keyword nearly every text has: lintscale.secrets judges names, places and those itself. Go's
syntax becomes Python's.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

TARGET = Path(__file__).parent.parent / "lintscale" / "secrets" / "gitleaks.json"

_LEFT_OUT = frozenset(
    {"generic-api-key", "curl-auth-header", "curl-auth-user", "kubernetes-secret-yaml",
     "hashicorp-tf-password", "nuget-config-password", "pkcs12-file", "private-key",
     "sidekiq-sensitive-url", "freemius-secret-key", "jwt", "twilio-api-key"}
)  # fmt: skip
_ANY_PREFIX = r"[\w.-]{0,50}?"
"""What precedes a name changes nothing about the value that is found."""


def main() -> None:
    rules = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["rules"]
    shapes = [_shape(rule) for rule in rules if rule["id"] not in _LEFT_OUT]
    lines = ",\n".join(json.dumps(shape) for shape in sorted(shapes))
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _shape(rule: dict[str, object]) -> tuple[str, list[str], str]:
    """Id, the words of which a text has one in lower case, regular expression."""
    text = str(rule["regex"]).replace(r"\z", r"\Z")
    ignores_case = "(?i)" in text
    text = text.replace("(?i)", "").removeprefix(_ANY_PREFIX)
    text = re.sub(r"\(\?P<\w+>", "(?:", text)
    text = text.replace("[:alnum:]", "a-zA-Z0-9").replace("[[", r"[\[")
    text = f"(?i:{text})" if ignores_case else text
    re.compile(text)
    keywords = rule["keywords"]
    assert isinstance(keywords, list)  # noqa: S101 - all that are left have them
    return str(rule["id"]), [word for word in map(str.lower, keywords) if word != "s."], text


if __name__ == "__main__":
    main()
