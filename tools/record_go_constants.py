"""Record what Go's own type checker makes of constant expressions, as an oracle for the reading of
Go (tests/code/test_go_constants.py): ``python tools/record_go_constants.py``.

It needs ``go``; the expressions are drawn with a fixed seed.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
from pathlib import Path

RECORD = Path(__file__).parent.parent / "tests" / "data" / "go_constants.json"

PROGRAM = """\
package main

import (
	"encoding/json"
	"go/constant"
	"go/token"
	"go/types"
	"os"
)

func main() {
	var expressions []string
	if err := json.NewDecoder(os.Stdin).Decode(&expressions); err != nil {
		panic(err)
	}
	found := []map[string]any{}
	for _, expression := range expressions {
		value, err := types.Eval(token.NewFileSet(), nil, token.NoPos, expression)
		if err != nil || value.Value == nil {
			continue
		}
		entry := map[string]any{"expression": expression}
		switch value.Value.Kind() {
		case constant.Int:
			number, exact := constant.Int64Val(value.Value)
			if !exact {
				continue
			}
			entry["value"] = number
		case constant.String:
			entry["value"] = constant.StringVal(value.Value)
		default:
			continue
		}
		found = append(found, entry)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
"""

NUMBERS = (
    "0", "1", "2", "3", "7", "10", "25", "100", "1_000", "0x1F", "0xff", "0b1010", "0o17", "017",
    "1_0", "0X_a", "-4", "-7", "+5",
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "%", "<<", ">>")
TEXTS = (
    '"a"', '"\\n\\t"', '"\\x41\\101"', '"\\u00e9"', '"\\U0001F98A"', '"say \\"hi\\""', "`raw \\n`",
    '"//no comment"', '"/*"', "`a\"b`", '"é"', '""', "`two\nlines`",
)  # fmt: skip


def expressions() -> list[str]:
    draw = random.Random(13)  # noqa: S311 - no secret
    found = list(NUMBERS + TEXTS)
    for _ in range(260):
        parts = [draw.choice(NUMBERS)]
        for _ in range(draw.randint(1, 4)):
            operator, number = draw.choice(OPERATORS), draw.choice(NUMBERS)
            if draw.random() < 0.3:
                parts = ["(", *parts, ")"]
            parts += [operator, number]
        found.append(" ".join(parts))
    found += [" + ".join(draw.choices(TEXTS, k=draw.randint(2, 4))) for _ in range(40)]
    return list(dict.fromkeys(found))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "main.go")
        program.write_text(PROGRAM, encoding="utf-8")
        run = subprocess.run(  # noqa: S603 - the program above
            ["go", "run", str(program)],  # noqa: S607 - the go that is installed
            input=json.dumps(expressions()),
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(run.stdout)
    RECORD.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
