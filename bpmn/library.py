"""The SOPs that ship with Alur, by office and name."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from bpmn.errors import N_, AlurError

_SUFFIX = ".bpmn"


class NotShipped(AlurError):
    """The library has no such SOP."""

    sentence = N_("SOP “%(name)s” tidak ada dalam pustaka. Yang ada: %(shipped)s.")


def offices() -> tuple[str, ...]:
    """The offices whose SOPs ship, by slug."""
    return tuple(sorted(office.name for office in _shelf().iterdir() if office.is_dir()))


def sops(office: str) -> tuple[str, ...]:
    """The slugs of an office's SOPs; an office without any has none."""
    if office not in offices():
        return ()
    found = (each.name for each in _shelf().joinpath(office).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def names() -> tuple[str, ...]:
    """Every SOP that ships, as `load` wants it: `gambut/pengumpulan-dan-…`."""
    return tuple(f"{office}/{sop}" for office in offices() for sop in sops(office))


def load(name: str) -> bytes:
    """The diagram of a shipped SOP."""
    # Looked up, never joined to a path: a name from outside reaches no other file.
    if name not in names():
        raise NotShipped(name=name, shipped=", ".join(names()))
    return _shelf().joinpath(f"{name}{_SUFFIX}").read_bytes()


def _shelf() -> Traversable:
    return files("bpmn").joinpath("sop")
