"""Write static/src/api/schema.ts from the app's OpenAPI document; --check compares instead.

The file is committed, so that the pages can be built without running the app.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATOR = ROOT / "static" / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
TYPES = ROOT / "static" / "src" / "api" / "schema.ts"


def api_document() -> str:
    sys.path.insert(0, str(ROOT))
    from app.main import app

    return json.dumps(app.openapi())


def generated_types() -> str:
    with tempfile.TemporaryDirectory() as folder:
        document, types = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        document.write_text(api_document())
        node = Path(sys.executable).with_name("node")
        # Without the last option a request's fields with a default would be required.
        command = [node, GENERATOR, document, "--output", types, "--default-non-nullable=false"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return types.read_text()


def main() -> int:
    types = generated_types()
    if "--check" in sys.argv[1:]:
        if TYPES.exists() and TYPES.read_text() == types:
            return 0
        print("static/src/api/schema.ts is not what the API says: run `make types`.")
        return 1
    TYPES.parent.mkdir(parents=True, exist_ok=True)
    TYPES.write_text(types)
    return 0


if __name__ == "__main__":
    sys.exit(main())
