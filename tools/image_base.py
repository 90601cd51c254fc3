"""Make a stand-in for the image that the Dockerfile starts from, out of Debian's packages.

For machines without a Docker engine or an image registry. What the machine needs to reach its
package indexes (certificates, pip's configuration) is copied into the stand-in, never committed.
"""

import os
import subprocess
import tempfile
from pathlib import Path

RELEASE = "trixie"
PACKAGES = "ca-certificates,python3,python3-venv,python3-pip"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CONTAINERFILE = f"""\
FROM scratch
ADD root.tar /
COPY {CERTIFICATES.name} {CERTIFICATES}
COPY pip.conf /etc/pip.conf
RUN ln -s /usr/bin/python3 /usr/local/bin/python && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
ENV PIP_CERT={CERTIFICATES} NODE_EXTRA_CA_CERTS={CERTIFICATES} PIP_DISABLE_PIP_VERSION_CHECK=1
"""


def output(*command: str, given: str | None = None) -> str:
    return subprocess.run(
        command, check=True, text=True, input=given, stdout=subprocess.PIPE
    ).stdout.strip()


def debian_source() -> str:
    """The line of the machine's own Debian mirror, for the release we want."""
    wanted = ("indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian")
    addresses = output("apt-get", *wanted).splitlines()
    mirror = next(address for address in addresses if "security" not in address)
    return f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {RELEASE} main"


def make_root(tar: Path) -> None:
    options = ("--quiet", "--variant=minbase", f"--include={PACKAGES}")
    output("mmdebstrap", *options, RELEASE, str(tar), "-", given=debian_source())


def pip_configuration() -> str:
    user = Path.home() / ".config" / "pip" / "pip.conf"
    for file in (user, Path("/etc/pip.conf")):
        if file.exists():
            return file.read_text()
    return ""


def base_exists(name: str) -> bool:
    return (
        subprocess.run(["podman", "image", "exists", f"localhost/{name}"], check=False).returncode
        == 0
    )


def make_base(name: str) -> None:
    """An image called `name`, unless there is one already."""
    if base_exists(name):
        return
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        make_root(folder / "root.tar")
        (folder / CERTIFICATES.name).write_bytes(CERTIFICATES.read_bytes())
        (folder / "pip.conf").write_text(pip_configuration())
        (folder / "Containerfile").write_text(CONTAINERFILE)
        os.environ["BUILDAH_ISOLATION"] = "chroot"
        output("buildah", "bud", "--quiet", "--pull-never", "--squash", "-t", name, text)
