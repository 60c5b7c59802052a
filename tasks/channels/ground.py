"""What every channel is: an address it takes, and a message that leaves by it."""

from typing import Protocol, runtime_checkable

from bpmn.errors import N_, AlurError
from tasks.messages import Message


class BadAddress(AlurError):
    """Nothing can be sent there, and that can be seen beforehand."""

    status = 422
    field = "address"


class NotSent(AlurError):
    """It surely did not arrive; later it may."""

    sentence = N_("Belum terkirim: %(why)s")


class Down(NotSent):
    """Whoever carries it is not there: nothing goes this way for now."""

    sentence = N_("Saluran sedang tidak dapat dihubungi: %(why)s")


class Refused(NotSent):
    """It did not arrive and never will: the address takes nothing from us."""

    sentence = N_("Alamat ini menolak kiriman: %(why)s")


class Unsure(AlurError):
    """It may have arrived: nobody can know."""

    sentence = N_("Tidak diketahui apakah sampai: %(why)s")


class Channel(Protocol):
    """A way out. What it says of itself is shown to people who choose how to be told."""

    label: str
    # What its address is called, an example of one, and what to know before giving it.
    asks_for: str
    example: str
    advice: str
    # How many lines it bears at once.
    lanes: int
    # Whether its messages are signed with a secret that whoever receives them must know.
    is_signed: bool

    def check(self, address: str) -> str:
        """The address as it is kept; BadAddress if nothing can be sent there."""
        ...

    def send(self, address: str, message: Message, secret: str | None) -> None:
        """Return when it has been taken over; NotSent, Refused or Unsure if not."""
        ...

    def close(self) -> None:
        """Nothing more is to be sent for now."""
        ...


@runtime_checkable
class Listener(Protocol):
    """A channel that is also asked something, now and then."""

    def listen(self) -> int:
        """Answer whoever asked; how many did."""
        ...
